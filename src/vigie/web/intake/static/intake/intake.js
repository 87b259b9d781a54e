// J and K go down and up the queue. Everything works without it.
"use strict";

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(input|select|textarea)$/i.test(event.target.tagName) || !/^[jk]$/i.test(event.key)) return;
  const links = [...document.querySelectorAll("#queue h2 a")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const to = event.key.toLowerCase() === "j" ? Math.min(here + 1, links.length - 1) : Math.max(here - 1, 0);
  event.preventDefault();
  links[to].focus();
});
