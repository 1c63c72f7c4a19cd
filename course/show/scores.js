(root, {names, scores: first, came: target}) => {
  // Page 01: scores become powers, powers become probabilities. The letter that came sets price and slopes.
  let scores = [...first], came = target;

  const table = put(root, "table", {className: "scores"});
  const head = put(put(table, "thead"), "tr");
  for (const title of ["came", "score", "power", "probability", "slope"]) {
    put(head, "th", {textContent: title});
  }
  const body = put(table, "tbody");
  const rows = names.map((name, k) => {
    const line = put(body, "tr");
    const choose = button(put(line, "td"), name, () => { came = k; show(); });
    choose.setAttribute("aria-label", `${name} came`);
    const label = put(put(line, "td"), "label");
    const dial = slider(label, `score of ${name}`, -4, 6, 0.1, 0, score => { scores[k] = score; show(); });
    const score = put(label, "output"), power = put(line, "td");
    const cell = put(line, "td", {className: "share"}), slope = put(line, "td");
    return {choose, dial, score, power, share: put(cell, "span"), bar: put(cell, "i"), slope};
  });
  const tools = put(root, "p", {className: "beside tight"});
  const offer = (words, change) => button(tools, words, () => { scores = scores.map(change); show(); });
  offer("add 1 to all", score => score + 1);
  offer("double all", score => 2 * score);
  offer("halve all", score => score / 2);
  button(tools, "as at first", () => { scores = [...first]; came = target; show(); });
  const said = spoken(root);

  const large = (number, digits) => (number < 1e4 ? number.toFixed(digits) : number.toExponential(1));

  function show() {
    const shares = softmax(scores);
    press(rows.map(row => row.choose), came);
    rows.forEach((row, k) => {
      const slope = shares[k] - (k === came ? 1 : 0);
      row.dial.value = scores[k];
      row.score.textContent = signed(scores[k], 1);
      row.power.textContent = large(Math.exp(scores[k]), 2);
      row.share.textContent = shares[k].toFixed(3);
      row.bar.style.width = `${100 * shares[k]}%`;
      row.slope.textContent = signed(slope, 3);
      row.slope.style.background = tintOf(slope, 1);
    });
    // Not the logarithm of a share, which is 0 where scores are far apart: the price would be infinite.
    const most = Math.max(...scores);
    const sum = scores.reduce((all, score) => all + Math.exp(score - most), 0);
    const price = most - scores[came] + Math.log(sum);
    say(said, [names[came]], ` costs ${(price / Math.LN2).toFixed(2)} bits, ${price.toFixed(4)} nats.`);
  }
  show();
}
