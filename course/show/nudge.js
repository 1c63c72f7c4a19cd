(root, {names, arrays, slopes, word, inputs, targets}) => {
  // Page 03: nudge one number of a network. Its slope says beforehand how the loss will move.
  const LEFT = 34, WIDTH = 300, HEIGHT = 200, FAR = 2;  // of the drawing, in pixels; the longest nudge
  let chosen, nudge = 0.5;

  // The loss, with one number moved: entry (row, column) of an array. Vectors are arrays of one row
  function lossWith(moved, by) {
    const copies = arrays.map(array => array.map(row => [...row]));
    copies[moved.array][moved.row][moved.column] += by;
    const [W_xh, W_hh, W_hy, [b_h], [b_y]] = copies;
    const times = (row, h) => sumOf(row.map((weight, j) => weight * h[j]));
    let h = W_hh.map(() => 0), loss = 0;
    inputs.forEach((id, t) => {
      h = W_hh.map((row, i) => Math.tanh(times(row, h) + W_xh[i][id] + b_h[i]));
      loss -= Math.log(softmax(W_hy.map((row, i) => times(row, h) + b_y[i]))[targets[t]]);
    });
    return loss;
  }

  put(root, "p", {textContent: "Choose a number. Orange: the loss rises with it. Blue: the loss falls."});
  const halves = put(root, "div", {className: "beside"});
  const left = put(halves, "div", {className: "arrays"}), right = put(halves, "div", {className: "curve"});
  const largest = Math.max(...slopes.flat(2).map(Math.abs));
  const entries = [];
  arrays.forEach((rows, array) => {
    const table = put(left, "table");
    put(put(table, "tr"), "th", {textContent: names[array], colSpan: rows[0].length});
    rows.forEach((numbers, row) => {
      const line = put(table, "tr");
      numbers.forEach((number, column) => {
        const slope = slopes[array][row][column], place = rows.length > 1 ? `${row},${column}` : column;
        const entry = {array, row, column, number, slope, name: `${names[array]}[${place}]`};
        entry.button = button(put(line, "td"), signed(number, 1), () => choose(entry));
        entry.button.style.background = tintOf(slope, largest);
        const told = `${entry.name}: ${signed(number, 1)}, slope ${signed(slope, 4)}`;
        entry.button.setAttribute("aria-label", told);
        entries.push(entry);
      });
    });
  });
  left.onkeydown = event => {
    const wide = arrays[chosen.array][0].length;
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide}[event.key];
    const next = step && entries[entries.indexOf(chosen) + step];
    if (step) event.preventDefault();
    if (next) choose(next);
  };

  const label = put(right, "label"), name = put(label, "span");
  slider(label, "how far the number is nudged", -FAR, FAR, 0.01, nudge, by => { nudge = by; show(); });
  const distance = put(label, "output");
  const drawing = draw(right, "svg", {viewBox: `0 0 ${LEFT + WIDTH} ${HEIGHT + 24}`, "aria-hidden": "true"});
  const said = spoken(right);

  function choose(entry) {
    chosen = entry;
    pressOneOf(entries.map(one => one.button), entries.indexOf(entry));
    show();
  }

  function show() {
    const before = lossWith(chosen, 0), now = lossWith(chosen, nudge), says = before + chosen.slope * nudge;
    const measured = (lossWith(chosen, 1e-5) - lossWith(chosen, -1e-5)) / 2e-5;
    drawCurve(before, now, says);
    name.textContent = chosen.name;
    distance.textContent = (nudge > 0 ? "+" : "") + signed(nudge, 2);
    const off = Math.abs(now - says).toFixed(4);
    say(said, `The loss of ${word} becomes `, [now.toFixed(4)], ". ",
      `Its slope of ${signed(chosen.slope, 4)} says ${signed(says, 4)}: off by ${off}. `,
      chosen.slope ? `Measured very near: ${signed(measured, 4)}.` : "Nothing moves.");
  }

  function drawCurve(before, now, says) {
    const nudges = Array.from({length: 81}, (_, k) => FAR * (k / 40 - 1));
    const losses = nudges.map(by => lossWith(chosen, by));
    const low = Math.min(before - 0.4, ...losses), high = Math.max(before + 0.4, ...losses);
    const x = by => WIDTH * (by / FAR + 1) / 2, y = loss => 8 + (HEIGHT - 16) * (high - loss) / (high - low);
    drawing.replaceChildren();
    draw(drawing, "path", {d: `M${LEFT} ${HEIGHT}h${WIDTH}M${LEFT + WIDTH / 2} 0v${HEIGHT}`, class: "rule"});
    draw(drawing, "text", {x: LEFT - 4, y: y(before) + 4, "text-anchor": "end"}, before.toFixed(2));
    draw(drawing, "text", {x: LEFT, y: HEIGHT + 16}, `by ${signed(-FAR, 0)}`);
    draw(drawing, "text", {x: LEFT + WIDTH / 2, y: HEIGHT + 16, "text-anchor": "middle"}, "as it is");
    draw(drawing, "text", {x: LEFT + WIDTH, y: HEIGHT + 16, "text-anchor": "end"}, `by +${FAR}`);
    // A drawing inside the drawing: what leads out of it is cut off
    const inside = draw(drawing, "svg", {x: LEFT, width: WIDTH, height: HEIGHT});
    const points = nudges.map((by, k) => `${x(by)},${y(losses[k])}`).join(" ");
    draw(inside, "polyline", {points, class: "loss"});
    const ends = [-FAR, FAR].map(by => `${x(by)},${y(before + chosen.slope * by)}`).join(" ");
    draw(inside, "polyline", {points: ends, class: "promise"});
    draw(inside, "path", {d: `M${x(nudge)} ${y(now)}V${y(says)}`, class: "gap"});
    draw(inside, "circle", {cx: x(nudge), cy: y(says), r: 4, class: "promised"});
    draw(inside, "circle", {cx: x(nudge), cy: y(now), r: 5.5, class: "here"});
  }
  choose(entries.find(entry => entry.name === "W_hh[2,0]") || entries[0]);
}
