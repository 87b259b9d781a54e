// A text that goes to a portal: one button copies it, and says so to whoever cannot see it.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  const said = button.nextElementSibling;
  try {
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = button.dataset.done;
  } catch (refused) {
    // No clipboard without TLS: the text is selected, and the keyboard copies it.
    getSelection().selectAllChildren(text);
    said.textContent = button.dataset.selected;
    console.warn("not copied", refused);
  }
});
