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
