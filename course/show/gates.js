(root, {reads, trained, untrained, contents}) => {
  // Page 12: a unit reads letter by letter. Its update gate says how much of the old value it keeps.
  const TALL = 80, MIDDLE = 105;  // of a full bar; where 0 is
  let step, gate = trained;

  // What the unit holds after each letter, if its gate is this one, and it is offered the same new content
  function held() {
    let old = 0;
    return gate.map((keeps, t) => { old = keeps * old + (1 - keeps) * contents[t]; return old; });
  }

  const {tools, go} = steps(root, reads, to => { step = to; show(); });
  const gates = [["trained", trained], ["untrained gate", untrained]];
  const choices = gates.map(([name, one]) => button(tools, name, () => { gate = one; show(); }));
  const drawings = put(root, "div", {className: "beside"});
  const [tanks, story] = ["0 0 300 210", "0 0 350 210"].map(viewBox => {
    return draw(drawings, "svg", {viewBox, class: "half", "aria-hidden": "true"});
  });
  const said = spoken(root);

  const bar = (drawing, x, width, value, look = "") => draw(drawing, "rect", {
    x, width, y: MIDDLE - TALL * Math.max(value, 0), height: Math.max(1, TALL * Math.abs(value)),
    class: `${value > 0 ? "above" : "below"} ${look}`,
  });
  const middle = (drawing, x, y, text) => draw(drawing, "text", {x, y, "text-anchor": "middle"}, text);
  const percent = share => `${Math.round(100 * share)} %`;

  function tank(x, value, name) {
    draw(tanks, "rect", {x, y: MIDDLE - TALL, width: 46, height: 2 * TALL, class: "rule"});
    bar(tanks, x, 46, value);
    middle(tanks, x + 23, 17, name);
    middle(tanks, x + 23, 201, signed(value, 2));
  }

  function pipe(x, y, share) {
    const size = 1 + 15 * share;
    draw(tanks, "rect", {x, y: y - size / 2, width: 76, height: size, class: "gate"});
    middle(tanks, x + 38, y - 12, percent(share));
  }

  function show() {
    const holds = held(), keeps = gate[step], old = step ? holds[step - 1] : 0;
    press(choices, gates.findIndex(([, one]) => one === gate));
    tanks.replaceChildren();
    tank(0, old, "before");
    tank(122, holds[step], "holds");
    tank(244, contents[step], "new");
    pipe(46, 70, keeps);
    pipe(168, 140, 1 - keeps);
    showStory(holds);
    say(said, "It reads ", [reads[step]], `, keeps ${percent(keeps)} of ${signed(old, 2)}, takes `,
      `${percent(1 - keeps)} of ${signed(contents[step], 2)}, and holds `, [signed(holds[step], 2)], ".");
  }

  function showStory(holds) {
    const wide = 350 / reads.length;
    story.replaceChildren();
    draw(story, "text", {x: 0, y: 17}, "what it has held so far");
    draw(story, "path", {d: `M0 ${MIDDLE}h350`, class: "rule"});
    holds.slice(0, step + 1).forEach((value, t) => {
      bar(story, t * wide + 1, wide - 2, value, t === step ? "" : "past");
      middle(story, (t + 0.5) * wide, 201, reads[t]);
    });
  }
  go(1);
}
