const CHARS = @CHARS@, V = CHARS.length, [H, ...SIZES] = @SIZES@;
const BYTES = Uint8Array.from(atob("@NUMBERS@"), c => c.charCodeAt(0));
let from = 0;
const [W_xh, W_hh, W_hy, b_h, b_y] = @SCALES@.map((scale, k) => {  // two bytes for each number
  const view = new DataView(BYTES.buffer, from, 2 * SIZES[k]);
  from += 2 * SIZES[k];
  return Float64Array.from({length: SIZES[k]}, (_, i) => view.getInt16(2 * i, true) * scale);
});
const row = (W, i, h) => h.reduce((sum, x, j) => sum + W[i * h.length + j] * x, 0);
const step = (id, h) => h.map((_, i) => Math.tanh(row(W_hh, i, h) + W_xh[i * V + id] + b_h[i]));

function probabilities(h, temperature) {
  const scores = CHARS.map((_, i) => (row(W_hy, i, h) + b_y[i]) / temperature), largest = Math.max(...scores);
  const exps = scores.map(score => Math.exp(score - largest)), sum = exps.reduce((a, b) => a + b);
  return exps.map(exp => exp / sum);
}

function draw(probs, u) {  // whose piece of the line from 0 to 1 holds u?
  let total = 0;
  const id = probs.findIndex(p => u < (total += p));
  return id < 0 ? V - 1 : id;
}

function read(text) {  // the state after a line end and a text
  return [...text].reduce((h, char) => step(CHARS.indexOf(char), h), step(Math.max(0, CHARS.indexOf("\n")), new Float64Array(H)));
}

function* written(text, temperature, random) {  // letter after letter: its id, the probabilities, and the state they came from
  for (let h = read(text); ;) {
    const probs = probabilities(h, temperature()), id = draw(probs, random());
    yield [id, probs, h];
    h = step(id, h);
  }
}
