// Loaded by lists that are searched; without it their box is a plain one.
(() => {
  "use strict";
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
    // What is still asked for must not open the list again.
    const close = () => { asked += 1; clearTimeout(timer); show(false); };
    input.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
    input.addEventListener("compositionend", soon);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = list.children.length;
      if (step) point(((at + step + 1 + count + 1) % (count + 1)) - 1);
      else if (event.key === "Enter" && at >= 0) location.assign(list.children[at].dataset.href);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("li"); if (option) location.assign(option.dataset.href); });
  };
  document.querySelectorAll("input[data-suggest]").forEach(suggestFor);
})();
