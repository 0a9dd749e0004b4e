// A page put into the frame of a room, and judged there at every width in one go; see room.py. After checks.js and axe.
window.room = (() => {
  const TARGETS = "a[href], area[href], button, input, select, textarea, summary, [role][tabindex]:not([role=region])";
  const MARKS = ["data-look", "data-aim"];
  // Rules that read elements, attributes and whether there is text, but no word of it.
  const OF_MARKUP = `aria-allowed-attr aria-allowed-role aria-conditional-attr aria-deprecated-role aria-hidden-body
    aria-hidden-focus aria-prohibited-attr aria-required-attr aria-required-children aria-required-parent aria-roles
    aria-valid-attr aria-valid-attr-value autocomplete-valid definition-list dlitem heading-order
    landmark-banner-is-top-level landmark-complementary-is-top-level landmark-contentinfo-is-top-level
    landmark-main-is-top-level landmark-no-duplicate-banner landmark-no-duplicate-contentinfo
    landmark-no-duplicate-main landmark-one-main list listitem nested-interactive page-has-heading-one
    presentation-role-conflict region scope-attr-valid scrollable-region-focusable tabindex td-headers-attr
    th-has-data-cells`.split(/\s+/);
  // Attributes whose values are words or addresses: that they are there counts, not what they say.
  const SAYS = /^(alt|title|placeholder|lang|value|content|href|src|srcset|action|datetime|label|aria-(label|description|roledescription|valuetext)|data-.*)$/;

  // Every rule is asked of every page, but the two that cost most of the time only of what could come out otherwise.
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }, { id: "target-size", selector: "[data-aim]" }] });
  const CURRENT = /^(page|step|true)$/; // any element may have it: it is where one is, and moves with that

  const resize = (width) => {
    frameElement.style.width = `${width}px`;
    document.body.getBoundingClientRect();
  };

  // Contrast comes from what a text is painted with and what is painted behind it. Of each look two texts are judged,
  // for each kind of place, by tags and classes up to the body, and for each width; then that look is known. What is
  // taken out of the flow without a ground of its own may lie over anything: it is judged each time.
  const known = new Set();
  const isOpaque = (colour) => /^(rgb\(|(oklch|oklab|lch|lab|color)\([^/]*\)$)/.test(colour);
  const groundIn = (around, one, style) => {
    const own = [style.backgroundColor, style.backgroundImage, style.opacity].join(), isFull = style.opacity === "1";
    if (isOpaque(style.backgroundColor) && isFull && !around.includes("~")) return own;
    const isOver = ["absolute", "fixed", "sticky"].includes(style.position);
    return `${around}${own === "rgba(0, 0, 0, 0),none,1" ? "" : `|${own}`}${isFull ? "" : "~"}${isOver ? "?" : ""}`;
  };

  // What the other rules go by, beside the markup: what is hidden, what is in a line, what scrolls, colours of links.
  let told = new Set();
  const stateOf = (one, style) => {
    const scrolls = /auto|scroll/.test(style.overflow) && (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight);
    return [style.display, one.localName === "a" && style.color + style.textDecorationLine, scrolls].join();
  };

  // Everything that the rules of markup go by.
  const shapes = new Set();
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && Boolean(node.data.trim()));
  const shapeOf = async (state) => {
    const said = ({ name, value }) => SAYS.test(name) ? `${name}${Boolean(value.trim())}` : `${name}=${value}`;
    const isSettled = ({ name, value }) => name === "aria-current" && CURRENT.test(value);
    const tags = [...document.querySelectorAll("body, body *")].map((one) => {
      const given = [...one.attributes].filter((attribute) => !isSettled(attribute)).map(said);
      return [one.childElementCount, one.localName, ...given, hasText(one)].join();
    });
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(tags.join("\n") + state));
    return new Uint8Array(digest).join();
  };

  // One look at each element, because asking for its style is what takes long. A hidden one paints nothing.
  const survey = () => {
    const looks = new Map(), states = [], seen = new Map([[null, { path: innerWidth, ground: "", isSpoken: false }]]);
    for (const one of document.querySelectorAll("body, body *")) {
      const around = seen.get(one.parentElement) || seen.get(null), isShown = one.checkVisibility({ visibilityProperty: true });
      const style = isShown && getComputedStyle(one);
      states.push(isShown ? stateOf(one, style) : "");
      seen.set(one, around);
      if (!isShown || one.ownerSVGElement) continue;
      const path = `${around.path}>${one.localName}.${one.getAttribute("class")}`, ground = groundIn(around.ground, one, style);
      const isSpoken = around.isSpoken || style.clipPath === "inset(50%)";
      seen.set(one, { path, ground, isSpoken });
      if (isSpoken || !(one.matches("input, select, textarea") || hasText(one))) continue;
      const isOff = Boolean(one.closest(":disabled, [aria-disabled=true]"));
      const look = [path, ground, style.color, style.fontSize, style.fontWeight, style.textShadow, isOff].join();
      if (!known.has(look)) looks.set(look, [...looks.get(look) || [], one]);
    }
    return { looks, state: states.join() };
  };
  const markLooks = (looks) => {
    for (const alike of looks.values()) for (const one of alike.slice(0, 2)) one.dataset.look = "";
    return [...looks.keys()];
  };

  // WCAG 2.5.8 as axe reads it: a target passes that is 24 px in both directions, or far enough from all others, if no
  // other one lies over it. The rest is axe's to judge.
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  const isFree = ([one, box], [two, beside]) => {
    if (one === two) return true;
    const isSmall = (it) => it.width < 24.5 || it.height < 24.5, [x, y] = middle(box), [u, v] = middle(beside);
    if (box.left < beside.right && beside.left < box.right && box.top < beside.bottom && beside.top < box.bottom) return false;
    if (!isSmall(box)) return true;
    const gap = Math.hypot(Math.max(beside.left - x, x - beside.right, 0), Math.max(beside.top - y, y - beside.bottom, 0));
    return gap > 12.5 && (!isSmall(beside) || Math.hypot(u - x, v - y) > 24.5);
  };
  const markTargets = () => {
    const boxes = [...document.querySelectorAll(TARGETS)].filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
    const close = boxes.filter((target) => !boxes.every((other) => isFree(target, other)));
    for (const [one] of close) one.dataset.aim = "";
    return close.length;
  };

  const unmark = () => MARKS.forEach((mark) => document.querySelectorAll(`[${mark}]`).forEach((one) => one.removeAttribute(mark)));

  const ask = async (rules) => {
    const { violations } = await axe.run(document, rules);
    return violations.flatMap((violation) => violation.nodes.map((node) => [violation.id, violation.help, node.html.slice(0, 160), node.failureSummary]))
      .map((words) => `axe ${words.join(" – ")}`);
  };

  // Only what was found right need not be judged again.
  const learn = (found, looks, ...more) => {
    if (found.length) return;
    looks.filter((look) => !look.includes("?")).forEach((look) => known.add(look));
    more.forEach(([right, one]) => right.add(one));
  };

  const accessible = async (rules) => {
    unmark();
    const { looks: unknown, state } = survey();
    const shape = told.has(state) ? "" : await shapeOf(state), looks = markLooks(unknown), targets = markTargets();
    const dear = [...looks.length ? ["color-contrast"] : [], ...targets ? ["target-size"] : []];
    if (!shape && !dear.length) return [];
    const off = shapes.has(shape) ? Object.fromEntries(OF_MARKUP.map((id) => [id, { enabled: false }])) : {};
    const found = await ask(shape ? { ...rules, rules: off } : { ...rules, runOnly: dear });
    learn(found, looks, ...shape ? [[told, state], [shapes, shape]] : []);
    return found;
  };

  const judge = async (html, language, isPublic, widths, rules) => {
    told = new Set();
    const found = { "": [...walk.become(html), ...walk.words(language, isPublic)] };
    // The nearest first: the next language begins where the one before ended.
    for (const width of widths.sort((a, b) => Math.abs(a - innerWidth) - Math.abs(b - innerWidth))) {
      resize(width);
      found[`${width}px`] = [...walk.layout(), ...await accessible(rules)];
    }
    return found;
  };

  const contrast = async (rules) => {
    unmark();
    const looks = markLooks(survey().looks), found = looks.length ? await ask(rules) : [];
    learn(found, looks);
    return found;
  };

  return { resize, judge, accessible, contrast };
})();
