(root, {notes, keys, shown: first}) => {
  // Page 17: a state reads notes. It adds each of them, or it corrects itself. 10 digits are its rows.
  let step, rate = 1, corrects = true;
  const letters = Object.keys(keys);
  const asks = note => note[1] === "=";
  const digitOf = note => Number(note[note.length - 1]);
  const read = (S, key) => S.map(row => sumOf(row.map((entry, j) => entry * key[j])));
  const best = says => says.indexOf(Math.max(...says));

  function write(S, key, digit) {
    const says = read(S, key);
    return S.map((row, i) => {
      const value = i === digit ? 1 : 0;
      const add = corrects ? rate * (value - says[i]) : value;
      return row.map((entry, j) => entry + add * key[j]);
    });
  }

  // Up to a note: the state after it, what the state said before, and what was told last of each letter
  function readUpTo(last) {
    let S = Array.from({length: 10}, () => keys[letters[0]].map(() => 0)), says, right = 0;
    const told = {};
    for (const note of notes.slice(0, last + 1)) {
      const letter = note[0];
      says = read(S, keys[letter]);
      if (asks(note)) right += best(says) === told[letter] ? 1 : 0;
      else S = write(S, keys[letter], told[letter] = digitOf(note));
    }
    return {S, says, told, right};
  }

  const {tools, go} = steps(root, notes, to => { step = to; show(); });
  const ways = [button(tools, "add", () => { corrects = false; show(); })];
  ways.push(button(tools, "correct", () => { corrects = true; show(); }));
  const label = put(tools, "label", {className: "wide"});
  put(label, "span", {textContent: "rate"});
  const dial = slider(label, "rate", 0, 2.5, 0.1, rate, number => { rate = number; show(); });
  const shown = put(label, "output");
  const said = spoken(root), score = spoken(root);
  const tables = put(root, "div", {className: "beside"});
  const [state, answers] = ["The state", "What it says"].map(name => {
    const table = put(tables, "table");
    put(table, "caption", {textContent: name});
    return put(table, "tbody");
  });

  const cell = (line, text) => put(line, "td", {textContent: text});
  function number(line, value) {
    cell(line, value ? signed(value, 2) : "0").style.background = tintOf(value, 1);
  }

  function show() {
    const {S, says, told} = readUpTo(step), note = notes[step], digit = digitOf(note);
    press(ways, corrects ? 1 : 0);
    dial.disabled = !corrects;
    shown.textContent = rate.toFixed(1);
    const most = Math.max(...says), answer = most < 0.005 ? "nothing" : `${best(says)} (${signed(most, 2)})`;
    if (asks(note)) {
      const verdict = best(says) === told[note[0]] ? "Right." : `Wrong: ${told[note[0]]} was told last.`;
      say(said, "Asked for ", [note[0]], `, it says ${answer}. ${verdict}`);
    } else {
      say(said, "Told that ", [note[0]], ` is ${digit}. It said ${answer} about ${note[0]} before.`);
    }
    const {right} = readUpTo(notes.length - 1), questions = notes.filter(asks).length;
    score.textContent = `To the end, it answers ${right} of ${questions} questions right.`;
    showTables(S, told);
  }

  function showTables(S, told) {
    state.replaceChildren();
    S.forEach((row, digit) => {
      const line = put(state, "tr");
      put(line, "th", {textContent: digit, scope: "row"});
      row.forEach(entry => number(line, entry));
    });
    answers.replaceChildren();
    for (const letter of letters.filter(one => one in told)) {
      const says = read(S, keys[letter]), line = put(answers, "tr");
      put(line, "th", {textContent: letter, scope: "row"});
      cell(line, best(says));
      number(line, Math.max(...says));
      cell(line, best(says) === told[letter] ? "✓" : `✗ it is ${told[letter]}`).className = "words";
    }
  }
  go(first);
}
