// What the pages do better with JavaScript. Everything works without it.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const typing = (element) => element && (/^(input|select|textarea)$/i.test(element.tagName) || element.isContentEditable);

  // "/" goes to the quick entry, Escape leaves it.
  document.addEventListener("keydown", (event) => {
    const keys = document.body.dataset.keys !== "off";
    if (event.key === "/" && keys && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && $("line")) {
      event.preventDefault();
      $("line").focus();
    } else if (event.key === "Escape" && event.target.id === "line" && !$("choices")) {
      event.target.blur();
    }
  });

  // On a phone, three buttons begin the line: its keyboard hides the signs.
  document.body.classList.add("js");
  document.addEventListener("click", (event) => {
    const start = event.target.closest("[data-start]");
    if (!start) return;
    const line = $("line");
    line.value = start.dataset.start + line.value.replace(/^[@#!?]\s*/, "");
    line.focus();
    line.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // How long an incident lasts goes on while the page stays open.
  const last = (minutes, day) => {
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
    if (days >= 10 || (days && !hours)) return `${days} ${day}`;
    if (days) return `${days} ${day} ${hours} h`;
    if (hours) return rest ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${hours} h`;
    return `${rest} min`;
  };
  setInterval(() => {
    for (const one of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.round((Date.now() - new Date(one.dataset.since)) / 60000));
      one.textContent = one.dataset.words.replace("…", last(minutes, one.dataset.day).replaceAll(" ", "\u00a0"));
    }
  }, 30000);

  // A menu closes when one goes elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // A shared screen that nobody touches locks itself. The server does the same; this only hides what is shown.
  const lock = document.querySelector("form[data-lock-after]");
  if (lock) {
    let timer = null;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => lock.requestSubmit(), Number(lock.dataset.lockAfter) * 1000);
    };
    for (const sign of ["keydown", "pointerdown", "scroll"]) document.addEventListener(sign, again, { passive: true });
    again();
  }

  // New entries: nothing that is read may move, one heading a day, and a pill when they are out of sight.
  let anchor = null;
  let unseen = 0;
  const top = () => $("log") && $("log").getBoundingClientRect().top;

  const showPill = () => {
    const pill = $("pill");
    if (!pill) return;
    pill.hidden = unseen === 0;
    const words = $("log").dataset;
    pill.firstElementChild.textContent = unseen === 1 ? words.one : `${unseen} ${words.many}`;
  };

  document.addEventListener("htmx:beforeSwap", () => {
    const rows = [...document.querySelectorAll("#log > .e")];
    const row = rows.find((one) => one.getBoundingClientRect().bottom > 0);
    anchor = row && top() < 0 ? { row, at: row.getBoundingClientRect().top, count: rows.length } : null;
  });

  document.addEventListener("htmx:afterSettle", () => {
    const log = $("log");
    if (!log) return;
    const empty = log.querySelector(".none");
    if (empty && log.querySelector(".e:not(.none)")) empty.remove();
    let day = null;
    for (const item of log.querySelectorAll(".day")) {
      if (item.dataset.day === day) item.remove();
      else day = item.dataset.day;
    }
    if (anchor && anchor.row.isConnected) {
      unseen += Math.max(0, log.querySelectorAll(".e").length - anchor.count);
      window.scrollBy(0, anchor.row.getBoundingClientRect().top - anchor.at);
      showPill();
    }
    anchor = null;
  });

  document.addEventListener("scroll", () => {
    if (unseen && top() > -40) {
      unseen = 0;
      showPill();
    }
  }, { passive: true });

  if ($("pill")) $("pill").firstElementChild.addEventListener("click", () => $("log").scrollIntoView());

  // A screen that no longer hears anything says so.
  const lost = (yes) => { if ($("lost")) $("lost").hidden = !yes; };
  const unwritten = (words, link) => {
    const place = $("unwritten");
    place.replaceChildren(words);
    if (link) place.append(" ", Object.assign(document.createElement("a"), { href: place.dataset.signIn, textContent: place.dataset.link }));
    place.hidden = false;
  };
  // What is said of a write that failed is said beside the line; a reading that failed is tried again by itself.
  const failed = (event, status, words) => {
    const writes = event.detail.elt.id === "quick";
    if (status === 401 && $("unwritten")) unwritten($("unwritten").dataset.gone, true);
    else if (writes) unwritten(`${$("unwritten").dataset.mark} ${words || $("unwritten").dataset.silent}`);
    else lost(status !== 503);
  };
  document.addEventListener("htmx:sendError", (event) => failed(event, 0, ""));
  document.addEventListener("htmx:timeout", (event) => failed(event, 0, ""));
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const plain = (detail.xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    failed({ detail }, detail.xhr.status, plain ? detail.xhr.responseText : "");
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) lost(false); });

  // Going back in time by a slider, beside the field that does the same.
  const slider = $("slider");
  const field = $("id_at");
  if (slider && field) {
    const local = (date) => new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    const from = new Date(slider.dataset.from).getTime();
    const span = Math.max(Date.now() - from, 60000);
    const steps = Number(slider.max);
    slider.hidden = false;
    slider.value = field.value ? Math.round(((new Date(field.value) - from) / span) * steps) : steps;
    slider.addEventListener("input", () => {
      const now = Number(slider.value) === steps;
      field.value = now ? "" : local(new Date(from + (span * slider.value) / steps));
      slider.setAttribute("aria-valuetext", field.value.replace("T", " "));
    });
    slider.addEventListener("change", () => slider.form.requestSubmit());
  }

  // Completion of @application and #service in the quick entry.
  let vocabulary = null;
  const close = () => {
    if ($("choices")) $("choices").remove();
    if ($("line")) $("line").removeAttribute("aria-activedescendant");
  };
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const token = (input) => /(^|\s)([@#])([^\s@#]*)$/.exec(input.value.slice(0, input.selectionStart));

  const choose = (input, identifier) => {
    const found = token(input);
    const end = input.selectionStart;
    const start = end - found[3].length;
    input.value = `${input.value.slice(0, start)}${identifier} ${input.value.slice(end).trimStart()}`;
    input.selectionStart = input.selectionEnd = start + identifier.length + 1;
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const suggest = async (input) => {
    const found = token(input);
    if (!found) return close();
    vocabulary ??= await fetch(input.dataset.vocabulary, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : {}));
    const wanted = fold(found[3]);
    const rank = ([identifier, name]) => (identifier.startsWith(wanted) ? 0 : fold(name).startsWith(wanted) ? 1 : 2);
    const near = Object.entries(vocabulary[found[2]] || {})
      .filter(([identifier, name]) => fold(`${identifier} ${name}`).includes(wanted))
      .sort((one, other) => rank(one) - rank(other)).slice(0, 7);
    close();
    if (!near.length || (near.length === 1 && near[0][0] === found[3])) return;
    const list = document.createElement("ul");
    list.id = "choices";
    list.className = "choices-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0].textContent);
    near.forEach(([identifier, name], index) => {
      const item = document.createElement("li");
      item.id = `choice-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.identifier = identifier;
      item.append(Object.assign(document.createElement("b"), { textContent: identifier }), ` ${name}`);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(input, identifier); });
      list.append(item);
    });
    input.parentElement.after(list);
  };

  const move = (input, by) => {
    const items = [...$("choices").children];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    items.forEach((item) => item.setAttribute("aria-selected", "false"));
    const item = items[(at + by + items.length) % items.length] || items[0];
    item.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", item.id);
  };

  document.addEventListener("input", (event) => { if (event.target.id === "line") suggest(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target.id === "line") close(); });
  document.addEventListener("keydown", (event) => {
    const list = event.target.id === "line" && $("choices");
    if (!list) return;
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.target, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" || (event.key === "Enter" && chosen)) choose(event.target, (chosen || list.firstElementChild).dataset.identifier);
    else return;
    event.preventDefault();
  });
})();
