// Small helps for pages that work without any of them. No inline handlers, no eval, nothing from elsewhere.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.replace("no-js", "js");

  // What the reader must see first after sending a form: its error summary.
  const focusSummary = (scope, selector) => {
    const summary = scope.querySelector(selector);
    if (summary) summary.focus();
    return Boolean(summary);
  };

  // A link of the error summary goes to the field and shows its label too, not just the box.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".field") || field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });

  // Menus of the header close on Escape (focus goes back to their button) and on a click elsewhere.
  // An opened example closes on Escape, too.
  document.addEventListener("keydown", (event) => {
    const example = event.key === "Escape" && event.target.closest("details.example[open]");
    if (example) { example.open = false; example.querySelector("summary").focus(); }
  });
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // The sheet opens the filters where there is room beside the list; for browsers that cannot, this does.
  if (!CSS.supports("selector(::details-content)") && window.matchMedia("(min-width: 56rem)").matches) {
    document.querySelectorAll("[data-filters]").forEach((panel) => { panel.open = true; });
  }

  // Drafts: the browser asks before a changed form is left. Sending it is not leaving it.
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  });

  // Suggestions for the words typed: the list of an ARIA combobox. Typing goes on as in a plain box, Enter sends the form.
  const suggestFor = (input) => {
    const list = document.createElement("ul");
    const spoken = document.createElement("span");
    Object.assign(list, { id: `${input.id}_options`, className: "suggestions", hidden: true, role: "listbox" });
    Object.assign(spoken, { className: "sr-only", role: "status" });
    list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`).textContent);
    input.after(list, spoken);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) input.setAttribute(name, value);
    let timer, asked = 0, at = -1;
    const point = (place) => {
      at = place;
      [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      if (at < 0) input.removeAttribute("aria-activedescendant"); else input.setAttribute("aria-activedescendant", list.children[at].id);
      if (at >= 0) list.children[at].scrollIntoView({ block: "nearest" });
    };
    const show = (open) => { list.hidden = !open; input.setAttribute("aria-expanded", String(open)); point(-1); };
    const line = ({ text, kind, url, lang }, number) => {
      const option = document.createElement("li"), words = document.createElement("span"), what = document.createElement("span");
      Object.assign(option, { id: `${list.id}_${number}`, role: "option" });
      option.dataset.href = url;
      words.textContent = text;
      if (lang) words.lang = lang;
      Object.assign(what, { className: "soft", textContent: kind });
      option.append(words, " ", what);
      return option;
    };
    const ask = async () => {
      const mine = ++asked, words = input.value.trim();
      const answer = words && await fetch(`${input.dataset.suggest}&q=${encodeURIComponent(words)}`).catch(() => null);
      const { options = [], spoken: said = "" } = answer && answer.ok ? await answer.json() : {};
      if (mine !== asked || document.activeElement !== input) return;
      list.replaceChildren(...options.map(line));
      spoken.textContent = said;
      show(options.length > 0);
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 250); };
    input.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
    input.addEventListener("compositionend", soon);
    input.addEventListener("blur", () => { asked += 1; clearTimeout(timer); show(false); });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = list.children.length;
      if (step) point(((at + step + 1 + count + 1) % (count + 1)) - 1);
      else if (event.key === "Enter" && at >= 0) location.assign(list.children[at].dataset.href);
      else if (event.key === "Escape") show(false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("li"); if (option) location.assign(option.dataset.href); });
  };
  document.querySelectorAll("input[data-suggest]").forEach(suggestFor);

  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

  // Shortcuts: elements carry data-key, the page's containers data-shortcuts. They never act while somebody is typing,
  // composing (IME), holding a modifier or inside a dialog, and can be switched off (WCAG 2.1.4).
  const STORE = "urbanlink.shortcuts";
  const stored = () => { try { return localStorage.getItem(STORE); } catch { return null; } };
  let on = stored() !== "off";
  const showState = () => {
    root.classList.toggle("shortcuts-off", !on);
    document.querySelectorAll("[data-shortcuts-toggle]").forEach((box) => { box.checked = on; });
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-shortcuts-toggle]")) return;
    on = event.target.checked;
    try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* private mode: for this page only */ }
    showState();
  });
  const isTyping = (element) =>
    element.isContentEditable || (element.matches("input, textarea, select") && !element.matches("[type=checkbox], [type=radio], [type=button], [type=submit]"));
  document.addEventListener("keydown", (event) => {
    if (!on || event.defaultPrevented || event.repeat || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    // In a list J and K go from row to row, X ticks the row's box; Enter opens the focused link by itself.
    const rows = Array.from(document.querySelectorAll("[data-shortcuts] [data-rows] > li"));
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    if (rows.length && (key === "j" || key === "k")) {
      event.preventDefault();
      const there = here < 0 ? (key === "j" ? 0 : rows.length - 1) : here + (key === "j" ? 1 : -1);
      rows[Math.min(rows.length - 1, Math.max(0, there))].querySelector("a").focus();
      return;
    }
    const box = key === "x" && here >= 0 && rows[here].querySelector("input[type=checkbox]");
    if (box) { event.preventDefault(); box.click(); return; }
    const target = Array.from(document.querySelectorAll("[data-shortcuts] [data-key]")).find((one) => one.dataset.key.toLowerCase() === key && !one.disabled);
    if (!target) return;
    event.preventDefault();
    if (target.matches("details")) {
      target.open = !target.open;
      const first = target.open && target.querySelector("input:not([type=hidden]), textarea, select");
      (first || target.querySelector("summary")).focus();
    } else if (target.matches("input, textarea, select")) {
      target.focus();
    } else {
      target.click();
    }
  });

  // After a swap the focus goes to the new heading, so that a screen reader goes on reading there.
  document.addEventListener("htmx:afterSettle", (event) => {
    showState();
    if (focusSummary(event.detail.target, "[data-error-summary]")) return;
    const heading = event.detail.target.querySelector("[data-focus]");
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  });

  showState();
  focusSummary(document, "main > div > [data-error-summary]");
})();
