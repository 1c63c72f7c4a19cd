// What the scripts share that move something on a page.

// Add an element to a place. more: its properties, such as {textContent: "next"}
function put(place, tag, more = {}) {
  return place.appendChild(Object.assign(document.createElement(tag), more));
}

// Add a shape to an SVG drawing, or a drawing to a place
function draw(place, tag, attributes = {}, text = "") {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  shape.textContent = text;
  return place.appendChild(shape);
}

// JupyterLab takes the arrow keys for itself, unless this is on the very element that has the focus
function keepKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";
  return element;
}

function button(place, label, pressed) {
  return keepKeys(put(place, "button", {type: "button", textContent: label, onclick: pressed}));
}

// A slider with a name for screen readers. moved: what to do with its number
function slider(place, name, min, max, step, value, moved) {
  const one = keepKeys(put(place, "input", {type: "range", min, max, step, value}));
  one.setAttribute("aria-label", name);
  one.oninput = () => moved(Number(one.value));
  return one;
}

// A line that screen readers read out when it changes
function spoken(place) {
  const line = put(place, "p");
  line.setAttribute("aria-live", "polite");
  return line;
}

// Write a sentence. Parts in brackets are bold: say(line, "e costs ", ["2 bits"], ".")
function say(line, ...parts) {
  line.replaceChildren();
  for (const part of parts) {
    if (Array.isArray(part)) put(line, "b", {textContent: part[0]});
    else line.append(part);
  }
}

function press(buttons, chosen) {
  buttons.forEach((one, k) => one.setAttribute("aria-pressed", k === chosen));
}

// The same for many buttons: Tab stops at the chosen one only, and arrow keys lead to the others
function pressOneOf(buttons, chosen) {
  press(buttons, chosen);
  buttons.forEach((one, k) => { one.tabIndex = k === chosen ? 0 : -1; });
  if (buttons.includes(document.activeElement)) buttons[chosen].focus();
}

// A button for each step, with back and next below. moved: what to do with the number of the step.
// Return the line of back and next, where more can stand, and a function that goes to a step
function steps(place, labels, moved) {
  const [line, tools] = ["p", "p"].map(tag => put(place, tag, {className: "beside tight"}));
  let step = 0;
  const buttons = labels.map((label, k) => button(line, label, () => go(k)));
  buttons.forEach((one, k) => one.setAttribute("aria-label", `step ${k + 1}: ${labels[k]}`));
  button(tools, "◀ back", () => go(step - 1));
  button(tools, "next ▶", () => go(step + 1));
  line.onkeydown = event => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (by) event.preventDefault();
    if (by) go(step + by);
  };
  function go(to) {
    step = Math.max(0, Math.min(labels.length - 1, to));
    pressOneOf(buttons, step);
    buttons.forEach((one, k) => one.classList.toggle("later", k > step));
    moved(step);
  }
  return {tools, go};
}

// A number with so many digits, and a real minus, but never -0
function signed(number, digits) {
  const size = Math.abs(number).toFixed(digits);
  return (number < 0 && Number(size) > 0 ? "−" : "") + size;
}

// A color that lets the page shine through: it tells a share of 0 to 1
function tint(kind, share) {
  return `color-mix(in srgb, var(--${kind}) ${Math.round(45 * Math.min(1, share))}%, transparent)`;
}

// Orange above 0, blue below, as in all pictures; the darker, the nearer to the largest
function tintOf(number, largest) {
  return tint(number > 0 ? "slope" : "state", Math.abs(number) / largest);
}

const sumOf = numbers => numbers.reduce((sum, number) => sum + number, 0);

function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map(score => Math.exp(score - largest));
  const sum = sumOf(powers);
  return powers.map(power => power / sum);
}
