// A trained network writes. It reads its characters one by one into a state of H numbers, and the state gives each next
// character a probability. packed: its parameters in the order of rnn_helpers, in two bytes each, and a scale for each.
function network(chars, H, scales, packed) {
  const V = chars.length, sizes = [H * V, H * H, V * H, H, V];
  let from = 0;
  const [W_xh, W_hh, W_hy, b_h, b_y] = sizes.map((size, k) => Float64Array.from(packed.subarray(from, from += size), n => n * scales[k]));
  function row(W, i, h) {  // row i of a matrix, times h
    let sum = 0;
    for (let j = 0; j < H; j++) sum += W[i * H + j] * h[j];
    return sum;
  }
  const step = (id, h) => h.map((_, i) => Math.tanh(row(W_hh, i, h) + W_xh[i * V + id] + b_h[i]));

  function probabilities(h, temperature) {
    const scores = chars.map((_, i) => (row(W_hy, i, h) + b_y[i]) / temperature), largest = Math.max(...scores);
    const exps = scores.map(score => Math.exp(score - largest)), sum = exps.reduce((a, b) => a + b);
    return exps.map(exp => exp / sum);
  }

  function draw(probs, u) {  // whose piece of the line from 0 to 1 holds u?
    let total = 0;
    const id = probs.findIndex(p => u < (total += p));
    return id < 0 ? V - 1 : id;
  }

  const first = () => step(Math.max(0, chars.indexOf("\n")), new Float64Array(H));  // the state after a line end
  const read = (text, h = first()) => [...text].reduce((h, char) => step(chars.indexOf(char), h), h);

  function* written(text, temperature, random) {  // letter after letter: its id, the probabilities, and the state they came from
    for (let h = read(text); ;) {
      const probs = probabilities(h, temperature()), id = draw(probs, random());
      yield [id, probs, h];
      h = step(id, h);
    }
  }

  function heard(line) {  // what it reads of a line, and the characters that it has never seen
    const other = {"‘": "'", "’": "'", "–": "—", "“": "", "”": ""};
    const near = c => [c, other[c], c.toLowerCase()].find(one => one === "" || chars.includes(one)) ?? c;
    const all = [...line].map(near), lost = new Set(all.filter(c => c && !chars.includes(c)));
    return [all.filter(c => chars.includes(c)).join(""), [...lost].map(say).join(", ")];
  }
  const ended = text => /[.,?!:]$/.test(text) && chars.includes("\n") ? text + "\n" : text;  // a whole line ends
  return {H, read, step, probabilities, written, heard, ended};
}

const dice = seed => () => (seed = seed * 48271 % 2147483647) / 2147483647;  // Lehmer's random numbers: Python's are the same
const numbersOf = base64 => new Int16Array(Uint8Array.from(atob(base64), c => c.charCodeAt(0)).buffer);
const sign = c => ({" ": "␣", "\n": "↵"})[c] || c, say = c => ({" ": "a space", "\n": "a line end"})[c] || "“" + c + "”";
const percent = p => (p < .005 ? "less than 1" : Math.round(100 * p)) + " %";
