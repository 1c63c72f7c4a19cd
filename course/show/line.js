(root, {after, chars, scores, numbers}) => {
  // Page 05: the probabilities lie end to end on a line from 0 to 1, and the number u lands on one piece.
  const COLUMNS = 100;  // in which the draws pile up
  let u = 0.55, temperature = 1, count = 100;

  const visible = char => ({" ": "␣", "\n": "↵"})[char] || char;
  const named = char => ({" ": "the space", "\n": "the line end"})[char] || char;

  // The piece of the line on which a number lands
  function draws(probs, number) {
    let end = 0;
    const piece = probs.findIndex(p => number < (end += p));
    return piece < 0 ? probs.length - 1 : piece;
  }

  put(root, "p").append("The network has read ", put(root, "i", {textContent: after}), ".");
  const line = put(root, "div", {className: "track"});
  line.setAttribute("aria-hidden", "true");
  const strip = put(line, "div", {className: "strip"}), mark = put(line, "div", {className: "pointer"});
  const pile = put(line, "div", {className: "pile"});
  const pieces = chars.map(char => put(strip, "div", {title: visible(char)}));

  const dial = (name, ...range) => {
    const label = put(root, "label");
    put(label, "span", {textContent: name, className: "what"});
    slider(label, name, ...range);
    return put(label, "output");
  };
  const place = dial("u", 0, 0.999, 0.001, u, number => { u = number; show(); });
  const degree = dial("temperature", 0.1, 2, 0.1, temperature, number => { temperature = number; show(); });
  const said = spoken(root);
  const more = button(put(root, "p"), "", () => {
    count = count < numbers.length ? count + 100 : 100;
    show();
  });
  const counted = spoken(root);

  function show() {
    const probs = softmax(scores.map(score => score / temperature)), drawn = draws(probs, u);
    pieces.forEach((piece, k) => {
      piece.style.width = `${100 * probs[k]}%`;
      piece.textContent = probs[k] > 0.025 ? visible(chars[k]) : "";
      piece.style.background = k === drawn ? tint("state", 1) : tint("chance", k % 2 ? 0.5 : 1);
    });
    mark.style.left = `${100 * u}%`;
    place.textContent = u.toFixed(3);
    degree.textContent = temperature.toFixed(1);
    say(said, `u = ${u.toFixed(3)} lands on the piece of `, [named(chars[drawn])],
      `, which is ${probs[drawn].toFixed(3)} long.`);
    showDraws(probs);
  }

  function showDraws(probs) {
    const heights = Array(COLUMNS).fill(0), hits = Array(chars.length).fill(0);
    pile.replaceChildren();
    for (const number of numbers.slice(0, count)) {
      const column = Math.floor(COLUMNS * number);
      const dot = put(pile, "i");
      dot.style.left = `${100 * (column + 0.5) / COLUMNS}%`;
      dot.style.top = `${5 * heights[column]++}px`;
      hits[draws(probs, number)]++;
    }
    more.textContent = count < numbers.length ? "draw 100 more" : "begin again";
    const told = probs.slice(0, 4).map((p, k) => {
      return `${named(chars[k])} ${hits[k]} (${Math.round(count * p)} expected)`;
    });
    counted.textContent = `${count} draws: ${told.join(", ")}.`;
  }
  show();
}
