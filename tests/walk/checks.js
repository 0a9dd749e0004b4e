// What is asked of a page where it stands, in the browser: each function answers a list of what is wrong, in words.
// No page may refuse this file: it comes through the debugger, which the content security policy does not bind.
window.walk = (() => {
  const THUMBS = ".button, .nav__link, .menu > summary, .menu__list a, .menu__list button, .choice, .tabs a, .pagination a";
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]:not([tabindex='-1'])";
  const SAYS = "h1, h2, h3, h4, p, li, dt, dd, th, td, legend, label, .button, .badge, .chip, .tabs a, summary, span";
  const tell = (one) => one.outerHTML.replace(/\s+/g, " ").slice(0, 110);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const nameOf = (one) => (one.getAttribute("aria-label") || one.getAttribute("title") || one.textContent || "").replace(/\s+/g, " ").trim();
  const named = (one) => nameOf(one) || (one.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent).join("").trim();

  // --- Layout, at the width the window has ---

  const scroll = () => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const wide = all("body *").filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".table, .sr-only"));
    return [`sideways scroll to ${document.documentElement.scrollWidth}: ${wide.slice(0, 3).map(tell).join(" ")}`];
  };

  // WCAG 2.5.8: 24 px, or as much free room around; words in a sentence may be as high as their line.
  const isInSentence = (one) => {
    if (!getComputedStyle(one).display.startsWith("inline")) return false;
    const around = one.parentElement.textContent.trim().length, own = one.textContent.trim().length;
    return own > 0 && around > own + 2 && getComputedStyle(one).display === "inline";
  };
  const targets = () => {
    const found = [], boxes = [];
    for (const one of all(STOPS)) {
      if (!isShown(one) || one.matches(".skip, [data-error-summary], .table, h1, h2, main, iframe")) continue;
      const label = one.matches("input[type=checkbox], input[type=radio]") && one.closest("label");
      const box = (label || one).getBoundingClientRect();
      if (box.width > 1 && box.height > 1) boxes.push([one, box]);
    }
    const near = (a, b) => {
      const x = a.left + a.width / 2, y = a.top + a.height / 2;
      const dx = Math.max(b.left - x, x - b.right, 0), dy = Math.max(b.top - y, y - b.bottom, 0);
      return Math.hypot(dx, dy) < 12;
    };
    for (const [one, box] of boxes) {
      if (box.width >= 23.5 && box.height >= 23.5) continue;
      if (isInSentence(one)) continue;
      const other = boxes.find(([two, beside]) => two !== one && !one.contains(two) && !two.contains(one) && near(box, beside));
      if (other) found.push(`target under 24 px (${Math.round(box.width)}×${Math.round(box.height)}) beside ${tell(other[0])}: ${tell(one)}`);
    }
    for (const one of all(THUMBS)) {
      const { width, height } = one.getBoundingClientRect();
      if (width > 0 && height > 0 && height < 43.5 && !one.closest(".filters")) found.push(`target under 44 px: ${tell(one)}`);
    }
    return found;
  };

  // Words that only screen readers get are in a box of one pixel.
  const isOnlySpoken = (one) => Boolean(one.closest(".sr-only, .menu__language")) || getComputedStyle(one).clipPath === "inset(50%)";

  const clipped = () => all(SAYS).filter((one) => {
    if (one.scrollWidth <= one.clientWidth + 1 || one.clientWidth === 0 || !isShown(one)) return false;
    const style = getComputedStyle(one);
    return !style.display.startsWith("inline") || style.display === "inline-block" || style.display === "inline-flex";
  }).filter((one) => !one.closest("pre") && !isOnlySpoken(one) && !["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .map((one) => `text wider than its box (${one.scrollWidth} in ${one.clientWidth}): ${tell(one)}`);

  const cut = () => all("body *").filter((one) => {
    if (one.scrollHeight <= one.clientHeight + 3 || !one.clientHeight || one.closest("svg, input, select, textarea") || isOnlySpoken(one)) return false;
    const style = getComputedStyle(one);
    return ["hidden", "clip"].includes(style.overflowY) && isShown(one) && one.textContent.trim();
  }).map((one) => `text cut off below: ${tell(one)}`);

  const scrollers = () => all(".table, [class*=scroll]").filter((one) => one.scrollWidth > one.clientWidth + 1 && isShown(one))
    .filter((one) => one.tabIndex < 0 || !named(one)).map((one) => `scrolls without a name and a stop: ${tell(one)}`);

  const layout = () => [...scroll(), ...targets(), ...clipped(), ...cut(), ...scrollers()];

  // --- Words: what a translation or a record could leave empty or say twice ---

  const words = (language, isPublic) => {
    const found = [], root = document.documentElement, ask = (ok, text) => { if (!ok) found.push(text); };
    ask(root.lang === language, `lang is ${root.lang}`);
    ask(/\S.* – UrbanLink$/.test(document.title), `title is “${document.title}”`);
    ask(all("h1").length === 1 && nameOf(all("h1")[0]), `${all("h1").length} main headings`);
    ask(all("main").length === 1, `${all("main").length} main parts`);
    ask(all(STOPS)[0]?.matches(".skip"), `the first stop is ${all(STOPS)[0]?.className}, not the skip link`);
    const levels = all("h1, h2, h3, h4, h5, h6", document.querySelector("main")).filter(isShown).map((one) => [Number(one.tagName[1]), one]);
    levels.forEach(([level, one], at) => ask(!at || level <= levels[at - 1][0] + 1, `heading leaves out a level: ${tell(one)}`));
    all("a[href], button, summary, h1, h2, h3, h4, th, legend, caption").filter(isShown).forEach((one) => {
      ask(named(one) || one.querySelector("img[alt], svg[aria-label], svg title"), `says nothing: ${tell(one)}`);
    });
    all("input:not([type=hidden]), select, textarea").filter(isShown).forEach((one) => {
      ask([...(one.labels || [])].some((label) => label.textContent.trim()) || named(one), `has no label: ${tell(one)}`);
    });
    const marks = all("nav, section[aria-label], section[aria-labelledby], [role=region]").filter(isShown).map((one) => `${one.getAttribute("role") || (one.tagName === "NAV" ? "navigation" : "region")} ${named(one)}`);
    marks.forEach((mark, at) => ask(marks.indexOf(mark) === at, `two parts of the page are called ${mark}`));
    const ids = all("[id]").map((one) => one.id);
    ids.forEach((id, at) => ask(ids.indexOf(id) === at, `two elements have the id ${id}`));
    all("[aria-describedby], [aria-labelledby], [aria-controls], label[for]").forEach((one) => {
      const to = `${one.getAttribute("aria-describedby") || ""} ${one.getAttribute("aria-labelledby") || ""} ${one.getAttribute("for") || ""}`;
      to.split(" ").filter(Boolean).forEach((id) => ask(ids.includes(id), `points to nothing (${id}): ${tell(one)}`));
    });
    all("[width], [height], [stroke-width]").forEach((one) => ["width", "height", "stroke-width"].forEach((name) => {
      ask(/^[\d.]*(px|mm|%|r?em)?$/.test(one.getAttribute(name) || ""), `a number as people write it is none in ${name}: ${tell(one)}`);
    }));
    if (isPublic) {
      const known = all("link[rel=alternate][hreflang]").map((one) => [one.hreflang, one.href]);
      ask(known.length === 8 && known.every(([, href]) => /^https?:/.test(href)), `languages for search engines: ${known.length}`);
      ask(all("link[rel=canonical]").length === 1, "no canonical address");
      ask(all("meta[name=description]")[0]?.content.trim().length > 12, "no description");
    }
    return found;
  };

  // --- Keys ---

  const stops = () => all(STOPS).filter((one) => one.tabIndex >= 0 && !one.disabled && isShown(one)
    && !(one.matches("input[type=radio]") && one.name && !one.checked && all(`input[type=radio][name="${CSS.escape(one.name)}"]`, one.form || document).some((two) => two !== one && (two.checked || two.compareDocumentPosition(one) & 4))));

  const isFocusSeen = (one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const found = [];
    const ring = parseFloat(style.outlineWidth) > 1 && style.outlineStyle !== "none" || style.boxShadow !== "none";
    if (!ring) found.push(`focus is not seen on ${tell(one)}`);
    const x = Math.min(innerWidth - 1, Math.max(0, box.left + Math.min(box.width / 2, 8))), y = box.top + Math.min(box.height / 2, 12);
    if (box.height && (box.bottom < 0 || box.top >= innerHeight)) found.push(`focus is out of sight: ${tell(one)}`);
    else if (box.height) {
      const over = document.elementFromPoint(x, y)?.closest(".action-bar, .header, [class*=sticky]");
      if (over && !over.contains(one)) found.push(`focus is hidden behind ${tell(over)}: ${tell(one)}`);
    }
    return found;
  };

  // Where the keys have been; the Tabs come from outside, as somebody's would.
  let visited = [], unseen = [], part = null;
  const listen = (where) => {
    visited = []; unseen = []; part = document.querySelector(where);
    document.addEventListener("focusin", (event) => {
      if (visited.includes(event.target) || event.target.id === "main") return;
      visited.push(event.target); unseen.push(...isFocusSeen(event.target));
    });
    if (part.tabIndex === -1 && part !== document.body) part.focus({ preventScroll: true });
    // A date has a stop for each of its parts.
    return stops().filter((one) => part.contains(one)).map((one) => one.type?.match(/date|time|month/) ? 8 : 1).reduce((a, b) => a + b, 1);
  };
  const tabbed = () => {
    const found = [...unseen], here = visited.filter((one) => part.contains(one) && one !== part);
    here.forEach((one, at) => {
      if (at && !(here[at - 1].compareDocumentPosition(one) & 4) && !one.matches("input[type=radio]")) found.push(`Tab goes back in the page at ${tell(one)}`);
    });
    stops().filter((one) => part.contains(one) && !here.includes(one) && !one.matches("input[type=radio]"))
      .forEach((one) => found.push(`Tab never comes to ${tell(one)}`));
    if (part.id === "main" && part.contains(document.activeElement) && here.length) found.push(`Tab does not get out of ${tell(document.activeElement)}`);
    all("[tabindex]").filter((one) => one.tabIndex > 0).forEach((one) => found.push(`goes before all others: ${tell(one)}`));
    document.activeElement.blur();
    scrollTo(0, 0);
    return found;
  };

  // --- Scripts ---

  // Helps that mean nothing without a script: to print, and to see, learn and switch off the letter keys.
  const AIDS = "[data-print], [data-key='?'], .js-only:has([data-shortcuts-toggle])", SIGNED = /[\w-]+(:|%3A)[\w-]+(:|%3A)[\w-]+/;
  const open = () => all("details").forEach((one) => { one.open = true; });
  const doors = () => {
    open();
    return all("main a[href], main button, main input[type=submit], main summary, main select, main textarea, main input:not([type=hidden])").filter(isShown)
      .filter((one) => !one.closest(AIDS)).map((one) => `${one.tagName} ${(one.getAttribute("href") || one.name || nameOf(one)).replace(SIGNED, "…")}`);
  };
  const plain = (before) => {
    const now = doors(), found = before.filter((door) => !now.includes(door)).map((door) => `only a script leads to ${door}`);
    if (!all("h1").some(isShown)) found.push("no main heading without a script");
    all("main form").filter((form) => isShown(form) && !form.querySelector("button:not([type=button]), input[type=submit], input[type=image]")
      && !(form.id && document.querySelector(`button[form="${form.id}"]`))).forEach((form) => found.push(`cannot be sent without a script: ${tell(form)}`));
    all("main button[type=button]:not([popovertarget]), main a:not([href]), main [onclick]").filter(isShown).forEach((one) => found.push(`does nothing without a script: ${tell(one)}`));
    return found;
  };

  // --- Paper, and colours that are not ours ---

  const paper = () => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) {
      const wide = all("body *").filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
      found.push(`wider than A4 (${document.documentElement.scrollWidth} of ${innerWidth}): ${wide.slice(-2).map(tell).join(" ")}`);
    }
    all("nav, .skip, .menu, .buttons, .action-bar, .filters, .pagination, main button").filter(isShown).forEach((one) => found.push(`prints: ${tell(one)}`));
    if (!all("h1").some(isShown)) found.push("prints no heading");
    return found;
  };

  const forced = () => {
    const found = [];
    all(".button, .input, .chip, .badge, .panel").filter(isShown).forEach((one) => {
      const style = getComputedStyle(one);
      if (parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === "none") found.push(`no edge in forced colours: ${tell(one)}`);
    });
    all("svg.bar").filter(isShown).forEach((bar) => {
      const rest = getComputedStyle(bar).backgroundColor;
      if (all("rect", bar).some((one) => one.getAttribute("width") !== "0" && getComputedStyle(one).fill === rest)) found.push(`a bar is not seen in forced colours: ${tell(bar)}`);
    });
    return found.slice(0, 5);
  };

  // --- What it weighs and how it moved ---

  const vitals = () => new Promise((done) => {
    const seen = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.lcp = one.startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.cls += one.value; }).observe({ type: "layout-shift", buffered: true });
    const end = () => done({
      lcp: seen.lcp || performance.getEntriesByName("first-contentful-paint")[0]?.startTime || 0, cls: seen.cls,
      files: performance.getEntriesByType("resource").map((one) => one.name),
    });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(end, 20)));
  });

  // --- Another page: its body put in the place of this one's, under the same style ---

  const sheets = (one) => all("link[rel=stylesheet]", one).map((link) => link.getAttribute("href")).join(" ");
  const become = (text, hasScripts = true) => {
    const other = new DOMParser().parseFromString(text, "text/html"), root = document.documentElement;
    for (const { name } of [...root.attributes]) if (name !== "style") root.removeAttribute(name);
    for (const { name, value } of other.documentElement.attributes) root.setAttribute(name, value);
    if (hasScripts) root.classList.replace("no-js", "js");
    const found = sheets(document.head) === sheets(other) ? [] : [`asks for another style: ${sheets(other)}`];
    all("title, meta, link:not([rel=stylesheet])", document.head).forEach((one) => one.remove());
    all("title, meta, link:not([rel=stylesheet])", other.head).forEach((one) => document.head.append(document.adoptNode(one)));
    document.body.replaceWith(document.adoptNode(other.body));
    return found;
  };

  return { layout, words, listen, tabbed, doors, plain, paper, forced, vitals, become };
})();
