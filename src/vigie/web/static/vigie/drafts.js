// What a person is typing survives a lost session and a locked screen: kept in this tab, for this person, at this
// address, until it is written. Signing out, and anybody else who signs in here, clears it.
"use strict";

(() => {
  const PREFIX = "vigie-draft:";
  const person = document.body.dataset.person || "";
  const mine = `${PREFIX}${person}:`;
  const kept = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const forget = (keys) => keys.forEach((key) => sessionStorage.removeItem(key));
  const address = (name) => `${mine}${location.pathname}#${name}`;
  const form = document.querySelector("form[data-draft]");

  document.addEventListener("submit", (event) => { if (event.target.matches("[data-forget]")) forget(kept()); });
  if (!person) return;
  forget(kept().filter((key) => !key.startsWith(mine)));
  const read = (key) => JSON.parse(sessionStorage.getItem(key) || "null");
  const keep = (key, draft) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(draft));
    } catch (full) {
      console.warn("this draft is not kept", full); // a text of several megabytes: it stays in its field
    }
  };

  // The quick line.
  const line = () => document.getElementById("line");
  const lineKey = address("line");
  const keepLine = () => { if (line().value) keep(lineKey, line().value); else forget([lineKey]); };
  document.addEventListener("input", (event) => { if (event.target.id === "line") keepLine(); });
  document.addEventListener("written", () => forget([lineKey]));
  // Sent by the browser itself, without htmx: the page that comes back holds the entry, unless it comes by the sign-in.
  const sentKey = `${lineKey}:sent`;
  document.addEventListener("submit", (event) => {
    if (line() && event.target.contains(line()) && !event.defaultPrevented) keep(sentKey, true);
  });
  if (read(sentKey)) {
    if (!document.referrer.includes("/sign-in")) forget([lineKey]);
    forget([sentKey]);
  }
  if (line() && !line().value && read(lineKey)) {
    line().value = read(lineKey);
    line().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The forms of typed entries. One that was sent is forgotten when the log opens and says that it was written.
  if (document.querySelector(".messages .success") && document.getElementById("log")) forget(kept().filter((key) => read(key).sent));
  if (!form) return;
  const formKey = address("form");
  const fields = () => [...form.elements].filter((one) => one.name && !["hidden", "file", "submit"].includes(one.type));
  const keepForm = (sent) => {
    const values = fields().filter((one) => !/^(radio|checkbox)$/.test(one.type) || one.checked).map((one) => [one.name, one.value]);
    keep(formKey, { sent, search: location.search, values });
  };
  const draft = read(formKey);
  if (draft && (!location.search || draft.search === location.search)) {
    for (const field of fields()) {
      const said = draft.values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = said.includes(field.value);
      else if (said.length) field.value = said[0];
    }
  }
  form.addEventListener("input", () => keepForm(false));
  form.addEventListener("submit", () => keepForm(true));
})();
