// A declaration keeps itself while somebody types: on the server, and in this tab until the server has it. Everything
// works without this file: the button keeps the draft, and text can be selected and copied by hand.
"use strict";

(() => {
  const form = document.getElementById("declaration");
  const person = document.body.dataset.person || "";

  // One button copies one part.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(text.value);
      } catch (refused) {
        console.warn("the clipboard is refused; selected instead", refused);
        text.select();
        document.execCommand("copy"); // a page served without TLS has no other clipboard
      }
      document.getElementById("copied").textContent = `${button.dataset.copied} : ${button.textContent.trim()}`;
      button.focus();
    });
  }
  const keyOf = (path) => `vigie-draft:${person}:${path}#declaration`;
  if (location.pathname.endsWith("/draft/check")) sessionStorage.removeItem(keyOf(location.pathname.slice(0, -"/check".length)));
  if (document.getElementById("faults")) document.getElementById("faults").focus();
  if (!form || !person) return;

  const WAIT_MS = 1500;
  const AGAIN_MS = 10000;
  const key = keyOf(location.pathname);
  const said = document.getElementById("kept");
  const words = form.dataset;
  const fields = () => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button"].includes(one.type));
  const values = () => fields().filter((one) => !/^(radio|checkbox)$/.test(one.type) || one.checked).map((one) => [one.name, one.value]);
  const tell = (text, bad) => { said.textContent = text; said.classList.toggle("bad", Boolean(bad)); };
  let timer = null;
  let asking = false;
  let again = false;
  let leaves = false;

  const hold = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ began: form.began.value, values: values() }));
    } catch (full) {
      console.warn("this draft is not kept in the tab", full);
    }
  };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(keep, delay); };

  async function keep() {
    if (leaves) return;
    if (asking) { again = true; return; }
    asking = true;
    const before = JSON.stringify(values());
    try {
      const answer = await fetch(words.keep, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) tell(words.gone, true);
      else if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      else {
        const kept = await answer.json();
        form.began.value = kept.began;
        if (JSON.stringify(values()) === before && !kept.conflicts.length) sessionStorage.removeItem(key);
        const both = kept.conflicts.map((one) => `${one.by} ${words.both} « ${one.title} ».`).join(" ");
        tell(both ? `${both} ${words.compare}` : `${words.kept} ${kept.at}`, Boolean(both));
      }
    } catch (silent) {
      console.warn("this draft is not kept on the server", silent);
      tell(words.unkept, true);
      later(AGAIN_MS);
    }
    asking = false;
    if (again) { again = false; later(WAIT_MS); }
  }

  const draft = JSON.parse(sessionStorage.getItem(key) || "null");
  const kept = new URLSearchParams(location.search).has("kept");
  if (kept) history.replaceState(null, "", location.pathname);
  if ("fresh" in words || kept) sessionStorage.removeItem(key);
  else if (draft) {
    for (const field of fields()) {
      const given = draft.values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = given.includes(field.value);
      else if (given.length) field.value = given[0];
    }
    form.began.value = draft.began;
    tell(words.found);
    later(WAIT_MS);
  }
  form.addEventListener("input", (event) => {
    // "Not known yet" gives way to any other box, and the other way round.
    const box = event.target;
    if (box.type === "checkbox" && box.checked && box.name !== "addressees") {
      for (const other of form.elements[box.name]) if ((other.value === "unknown") !== (box.value === "unknown")) other.checked = false;
    }
    hold();
    tell(words.typing);
    later(WAIT_MS);
  });
  form.addEventListener("submit", () => { leaves = true; clearTimeout(timer); hold(); });
  window.addEventListener("pageshow", () => { leaves = false; });
})();
