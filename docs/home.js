// The first screen of the home page: a network learns, and the page shows what it writes at each moment of it.
const $ = id => document.getElementById(id), live = document.querySelector(".live");
const [heading, clock, line, out, words, dial, other, back, when, go, keep, after, said] =
  "heading clock line out words dial other back when go keep after said".split(" ").map($);
const still = matchMedia("(prefers-reduced-motion: reduce)"), narrow = matchMedia("(max-width: 900px)");
const UNITS = @UNITS@, STEPS = @STEPS@, AT_ONCE = @AT_ONCE@;  // steps of a run, and how many letters it reads in each
const LETTERS = @LETTERS@;  // that it writes; the box shows those for which there is room
const WORD = /([\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*)/u;

let sonnets, alive;  // the text, and the page of the file that one can keep
let text;  // what it reads: {name, source, chars, ids, words, reading: the steps of one}
let run;  // {worker, bits: what a letter cost before each step, moments: its numbers after some, begun, ended}
let looked = null;  // the step to which one looks back; null: the newest
let seed = @DICE@;  // the same dice at every moment
let shown;  // what the network of this moment writes: {net, step, begin, wrote}

const count = n => n.toLocaleString("en"), plural = (n, one) => count(n) + " " + one + (n === 1 ? "" : "s");
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

// ---------------------------------------------------------------- a run
function take(source, name) {
  const chars = [...new Set(source)].sort(), place = new Map(chars.map((c, id) => [c, id]));
  const ids = Int32Array.from([...source], c => place.get(c));
  const reading = Math.floor((Math.floor(ids.length / @STREAMS@) - 1) / @LENGTH@);
  text = {name, source, chars, ids, reading, words: new Set(source.split(WORD).filter((_, k) => k % 2))};
}
function start() {
  run?.worker.terminate();
  const code = new Blob([$("network").textContent, $("learner").textContent], {type: "text/javascript"});
  const mine = run = {worker: new Worker(URL.createObjectURL(code)), bits: [blind()], moments: [], begun: performance.now(), ended: 0};
  looked = null;
  live.className = "live";
  go.textContent = "Stop";
  keep.hidden = after.hidden = $("hint").hidden = true;
  axes();
  run.worker.onmessage = ({data}) => { if (run === mine && !run.ended) hear(data); };
  run.worker.postMessage({ids: text.ids, V: text.chars.length, seed: @START@});
}
function hear({step, losses, scales, packed}) {  // of one or more steps
  run.bits.push(...losses.map(loss => loss / @LENGTH@ / Math.LN2));
  if (packed) run.moments.push({step, scales, packed});
  if (still.matches && step % (STEPS / 4)) return;  // whoever wants little motion sees it five times
  heading.textContent = reads(step);
  clock.textContent = seconds().toFixed(1) + " s";
  draw();
  if (looked === null) { back.value = step; packed ? show() : mark(step); }
  if (step === STEPS) finish();
}
function end() {
  run.worker.terminate();
  run.ended = performance.now();
  go.textContent = "Start again";
  keep.hidden = $("hint").hidden = !run.moments.length;
  draw();
  show();
}
function finish() {
  end();
  const bits = run.bits[STEPS];
  heading.textContent = "It has read " + sofar(text.name, STEPS);
  $("took").textContent = `That took ${plural(Math.round(seconds()), "second")}. It has learned letters and words, and no sense at all.`;
  $("heart").hidden = text === sonnets || bits > 1.3;
  $("why").hidden = text !== sonnets;
  after.hidden = false;
  said.textContent = `${heading.textContent}. A letter costs it ${bits.toFixed(2)} bits. It writes: ${out.textContent}`;
}
function stop() {
  end();
  heading.textContent = "Stopped after " + plural(AT_ONCE * (run.bits.length - 1), "letter");
}
const seconds = () => ((run.ended || performance.now()) - run.begun) / 1000;

// ---------------------------------------------------------------- how it is said
function amount(readings) {  // 0.38 is "38 %", 2.62 "2.6", and 51.3 "51"
  if (readings < 0.995) return Math.round(100 * readings) + " %";
  return String(+readings.toFixed(readings < 10 ? 1 : 0));
}
function sofar(name, step) {  // "the Sonnets four times", or "38 % of your text"
  const so = amount(step / text.reading), often = {1: "once", 2: "twice", 3: "three times", 4: "four times"};
  return so.includes("%") ? `${so} of ${name}` : `${name} ${often[so] || so + " times"}`;
}
function reads(step) {
  const readings = STEPS / text.reading, now = Math.floor(Math.min(step, STEPS - 1) / text.reading);
  if (readings < 1) return `It reads ${text.name}`;
  if (readings < 5) return `It reads ${text.name} for the ${ORDINALS[now]} time`;
  return `It reads ${text.name}: reading ${now + 1} of ${Math.ceil(readings)}`;
}

// ---------------------------------------------------------------- the curve
const blind = () => Math.log2(text.chars.length), height = bits => 100 - 92 * bits / blind();
function axes() {
  back.value = 0;
  $("blind").textContent = `${blind().toFixed(2)} bits a letter: a blind guess`;
  live.classList.toggle("foreign", text !== sonnets);  // the line of 2019 is one of the Sonnets
  $("return").hidden = text === sonnets;
  const share = 100 * text.reading / STEPS, names = share < 12 ? [] : ORDINALS.slice(0, Math.ceil(100 / share));
  if (share > 20) names[0] += " reading";
  $("readings").replaceChildren(...names.map(name =>
    Object.assign(document.createElement("span"), {textContent: name, style: `flex-basis: ${share}%`})));
}
function draw() {
  const way = run.bits.map((bits, step) => `${step},${height(bits).toFixed(2)}`).join("L");
  $("curve").setAttribute("d", "M" + way);
  $("fill").setAttribute("d", `M0,100L${way}L${run.bits.length - 1},100Z`);
}
function mark(step) {  // where on the curve the network is that writes
  const across = 100 * step / STEPS, bits = run.bits[step];
  $("dot").style.left = across + "%";
  $("now").style.left = `min(${across}%, calc(100% - 3.4rem))`;
  $("dot").style.top = $("now").style.top = height(bits) + "%";
  $("now").textContent = bits.toFixed(2);
}

// ---------------------------------------------------------------- what it writes
function moment() {  // the one nearest to where one looks back to
  const far = one => Math.abs(one.step - looked);
  return looked === null ? run.moments.at(-1) : run.moments.reduce((best, one) => far(one) < far(best) ? one : best);
}
const typedLine = () => text.chars.includes('"') ? line.value.replace(/[“”]/g, '"') : line.value;  // phones write curly quotes
function show() {
  if (!run?.moments.length) return;
  const {step, scales, packed} = moment(), net = network(text.chars, UNITS, scales, packed);
  const [heard, lost] = net.heard(typedLine()), begin = net.ended(heard);
  const letters = net.written(begin, () => +dial.value, dice(seed));
  const wrote = Array.from({length: LETTERS}, () => text.chars[letters.next().value[0]]).join("");
  shown = {net, step, begin, wrote};
  fill(wrote);
  const blue = out.querySelectorAll("b").length, all = out.textContent.split(WORD).length >> 1;
  const remarks = [];
  if (lost) remarks.push(`It has never seen ${lost}, so that is left out.`);
  if (line.value.length === line.maxLength) remarks.push("A first line can’t be longer than that.");
  words.textContent = remarks.join(" ") || `Blue: ${blue} of its ${plural(all, "word")} ${blue === 1 ? "is" : "are"} in ${text.name}.`;
  const read = plural(AT_ONCE * step, "letter") + " read";
  when.textContent = step ? `${read}, ${plural(step, "change")}` : "Nothing read yet. All its numbers are random.";
  back.setAttribute("aria-valuetext", `${read}, ${run.bits[step].toFixed(2)} bits a letter. It writes: ${wrote.slice(0, 60)}`);
  mark(step);
  inside();
}
function fill(verse) {  // the words that stand in the text in b, and as many as there is room for
  const parts = verse.trim().replace(/\n+/g, "\n").split(WORD);
  const blue = part => Object.assign(document.createElement("b"), {textContent: part});
  out.replaceChildren(...parts.map((part, k) => k % 2 && text.words.has(part) ? blue(part) : part));
  while (out.scrollHeight > out.clientHeight) out.lastChild.remove();
}

go.onclick = () => run && !run.ended ? stop() : start();
back.oninput = () => {
  const last = run.bits.length - 1;
  looked = +back.value < last ? +back.value : null;
  if (looked === null) back.value = last;
  show();
};
other.onclick = () => { seed = 1 + Math.floor(2e9 * Math.random()); show(); };
dial.oninput = show;
line.oninput = () => { typed = true; moved = false; show(); };
$("form").onsubmit = event => event.preventDefault();  // what it writes is there already

// ---------------------------------------------------------------- look inside: before each character of its line and verse
const [at, best, bars, rows, play, strip] = "at best bars state play strip".split(" ").map($);
let typed = false, moved = false, columns = [], columnsOf, timer = 0;

function common() {  // the ids of the 40 most frequent characters: blanks, then letters, then signs
  const often = new Map(), kind = id => /\s/.test(text.chars[id]) ? 0 : /\p{L}/u.test(text.chars[id]) ? 1 : 2;
  for (const id of text.ids) often.set(id, (often.get(id) || 0) + 1);
  return [...often.keys()].sort((a, b) => often.get(b) - often.get(a)).slice(0, 40).sort((a, b) => kind(a) - kind(b) || a - b);
}
function makeBars() {
  columnsOf = text;
  bars.replaceChildren();
  columns = common().map(id => {
    const one = bars.appendChild(document.createElement("div"));
    one.append(document.createElement("i"));
    one.dataset.sign = sign(text.chars[id]);
    return [id, one];
  });
}
function inside() {
  if (columnsOf !== text) makeBars();
  const {net, begin, wrote} = shown, given = [...begin], all = [...given, ...wrote];
  at.max = all.length - 1;
  if (!moved) at.value = typed ? [...net.heard(typedLine())[0]].length - 1 : given.length;
  const k = +at.value, before = all.slice(0, k), came = all[k], idOf = c => text.chars.indexOf(c);
  let h = net.read(before.slice(0, -6).join(""));
  rows.replaceChildren(...before.slice(-6).map(c => remembered(c, h = net.step(idOf(c), h))));
  const probs = net.probabilities(h, +dial.value), top = text.chars[probs.indexOf(Math.max(...probs))];
  columns.forEach(([id, one]) => { one.style.setProperty("--p", probs[id].toFixed(4)); one.className = id === idOf(came) ? "drawn" : ""; });
  best.textContent = `${say(top)}, ${percent(Math.max(...probs))}`;
  const happened = k >= given.length ? "It drew" : typed && !moved ? "You typed" : "In the line comes";
  $("came").textContent = `${happened} ${say(came)}. It had given that ${percent(probs[idOf(came)])}.`;
  at.setAttribute("aria-valuetext", `${before.slice(-20).join("")}: it expects ${best.textContent}. ${$("came").textContent}`);
  const parts = [before.join(""), sign(came), (came === "\n" ? "\n" : "") + all.slice(k + 1).join("")];
  [...strip.children].forEach((one, i) => { one.textContent = parts[i]; });
}
function remembered(c, h) {  // a row: the character that was read, and the state after it
  const row = document.createElement("div"), cells = row.appendChild(document.createElement("i"));
  const color = x => `color-mix(in srgb, var(--state-bar) ${Math.round(50 * (x + 1))}%, var(--state-ground))`;
  const colors = Array.from(h, (x, i) => `${color(x)} 0 ${100 * (i + 1) / h.length}%`);
  cells.style.background = `linear-gradient(90deg, ${colors})`;
  row.dataset.sign = sign(c);
  return row;
}
function walk(on) {
  clearInterval(timer);
  timer = on ? setInterval(() => { at.value = +at.value + 1; at.oninput(); if (at.value === at.max) walk(false); }, 140) : 0;
  play.textContent = on ? "Stop" : "Letter by letter";
}
at.oninput = () => { moved = true; if (shown) inside(); };
play.onclick = () => {
  if (at.value === at.max) at.value = 0;
  walk(!timer);
};
$("code").textContent = $("network").textContent.trim() + "\n\n" + $("learner").textContent.trim();

// ---------------------------------------------------------------- a text of yours
const [box, area, file, fault] = "box text file fault".split(" ").map($);
function problem(source, bytes) {
  if (bytes > 5e6) return `This has ${(bytes / 1e6).toFixed(1)} MB, and 5 MB are the most that it takes.`;
  if (/[\ufffd\0]/.test(source)) return "This file is not plain text: save it as .txt, in UTF-8, and try again.";
  const length = [...source.trim()].length, different = new Set(source).size;
  if (length < 2000) return `That is ${plural(length, "character")}, and it needs at least 2,000, about one page.`;
  if (different < 2) return "This text has one character, over and over: there is nothing to learn from it.";
  if (different > 120) return `This text has ${count(different)} different characters, and such a small network can tell 120 apart at most.`;
  return "";
}
async function load(chosen) {  // a file
  if (!chosen) return;
  const found = chosen.size > 5e6 ? "" : await chosen.text();
  fault.textContent = problem(found, chosen.size);
  if (!fault.textContent) area.value = found;
}
function learn() {
  const source = area.value.normalize("NFC");  // é as one character; a line end is one, too, in such a field
  fault.textContent = problem(source, new Blob([source]).size);
  if (fault.textContent) return area.focus();
  box.close();
  take(source, "your text");
  line.value = source.split("\n").find(one => one.trim()).trim().slice(0, 60);
  typed = moved = false;
  start();
}
$("return").onclick = () => {
  text = sonnets;
  line.value = line.defaultValue;
  typed = moved = false;
  start();
  $("own").focus();  // the button that was pressed is gone
};
$("own").onclick = () => { fault.textContent = ""; box.showModal(); };
area.oninput = () => { fault.textContent = ""; };
$("no").onclick = () => box.close();
$("learn").onclick = learn;
file.onchange = () => load(file.files[0]);
box.ondragover = event => { event.preventDefault(); box.classList.add("over"); };
box.ondragleave = () => box.classList.remove("over");
box.ondrop = event => {
  const [dropped] = event.dataTransfer.files;
  box.classList.remove("over");
  if (dropped) { event.preventDefault(); load(dropped); }
};

// ---------------------------------------------------------------- one file to keep: the page that page 06 writes, too
const escaped = words => words.replace(/[&<>"]/g, c => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
const inCode = value => JSON.stringify(value).replace(/</g, "\\u003c");
function fourLines({scales, packed}) {  // that the network of a moment writes
  const letters = network(text.chars, UNITS, scales, packed).written("", () => 1, dice(@DICE@));
  return Array.from({length: 200}, () => text.chars[letters.next().value[0]]).join("").split("\n").slice(0, 4).join("\n");
}
function fileToKeep() {
  const one = moment(), {step, scales, packed} = one, bits = run.bits.slice(0, step + 1), so = amount(step / text.reading);
  const most = Math.max(...bits), point = (cost, k) => [600 * k / (step || 1), 100 - 100 * cost / most].map(x => x.toFixed(1));
  const bytes = new Uint8Array(packed.buffer), today = new Date().toLocaleDateString("en-GB", {dateStyle: "long"});
  const fields = {
    READ: sofar(text === sonnets ? "Shakespeare’s Sonnets" : "a text", step),
    READINGS: so.includes("%") ? so + " of a reading" : so + (so === "1" ? " reading" : " readings"),
    LINE: escaped(line.value), DARING: dial.value, DICE: String(seed), STATE_SIZE: String(UNITS),
    BEFORE: escaped(fourLines(run.moments[0])), AFTER: escaped(fourLines(one)), POINTS: bits.map(point).join(" "),
    COUNT: count(packed.length), STEPS: count(step), LENGTH: count(AT_ONCE), BITS: bits[step].toFixed(2), BLIND: blind().toFixed(2),
    FOOT: `${today}. ${count(text.ids.length)} characters, in ${plural(Math.round(seconds()), "second")}, in a browser.`,
    NETWORK: $("network").textContent.trim(), CHARS: inCode(text.chars), SCALES: inCode(scales), BARS: inCode(common()),
    NUMBERS: btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")),
  };
  return alive.replace(/@([A-Z_]+)@/g, (_, name) => fields[name]);
}
keep.onclick = () => {
  const href = URL.createObjectURL(new Blob([fileToKeep()], {type: "text/html"}));
  Object.assign(document.createElement("a"), {href, download: "my_network.html"}).click();
};

// ---------------------------------------------------------------- it begins
async function unpacked() {
  const bytes = Uint8Array.from(atob($("packed").textContent), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
}
function whenSeen() {  // once, in a tab that is seen, when the box is in view
  let inView = false;
  const begin = () => { if (inView && !document.hidden && !run) start(); };
  new IntersectionObserver(([box]) => { inView = box.isIntersecting; begin(); }, {threshold: .2}).observe(live);
  document.addEventListener("visibilitychange", begin);
}
(async () => {
  let source;
  [source, alive] = await unpacked();
  take(source, "the Sonnets");
  sonnets = text;
  if (!still.matches && !navigator.connection?.saveData) return whenSeen();
  live.className = "live idle";
  go.textContent = "Let it learn";
})().catch(() => {
  live.className = "live idle old";
  heading.textContent = "This browser is too old to let it learn here";
});
