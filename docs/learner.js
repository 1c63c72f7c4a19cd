// A network learns, in plain JavaScript, as on page 11: from 24 streams of the text side by side, by Adam with short means
// and a rate for each matrix, which falls to 0. Its losses are those of NumPy.
// A row of a matrix belongs to what the matrix is multiplied by, a character or a unit: the course's lie transposed.
// ids: of the text. V: how many different characters it has. seed: which random numbers it begins with.
function learner(ids, V, {seed = 1, H = 75, B = 24, T = 50, steps = 308, rate = 0.036} = {}) {
  const sizes = {W_xh: V * H, W_hh: H * H, W_hy: H * V, b_h: H, b_y: V}, factors = {W_xh: 8, W_hh: 0.7, W_hy: 1, b_h: 1, b_y: 1};
  const zeros = () => Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, new Float64Array(size)]));
  const weights = zeros(), slopes = zeros(), means = zeros(), squares = zeros();
  const random = dice(seed);
  for (const [name, size] of [["W_xh", 1], ["W_hh", Math.sqrt(H)], ["W_hy", Math.sqrt(H)]])
    weights[name].forEach((_, i, W) => { W[i] = normal() / size; });

  function normal() {  // nearly a normal number, and the same in each language, as it needs no logarithm
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += random();
    return sum;
  }

  const length = Math.floor(ids.length / B), pieces = Math.floor((length - 1) / T);  // of a stream
  const id = (b, t) => ids[b * length + t];
  const hidden = Array.from({length: T + 1}, () => new Float64Array(B * H));  // the states of all streams, time after time
  const probs = Array.from({length: T}, () => new Float64Array(B * V));
  const dh = new Float64Array(B * H), da = new Float64Array(B * H), W_hh_T = new Float64Array(H * H), W_hy_T = new Float64Array(V * H);

  function addProduct(out, x, W, n, m) {  // out (B, m) += x (B, n) times W (n, m): four rows of W at a time are faster
    for (let b = 0; b < B; b++) {
      const o = b * m;
      for (let i = 0; i < n; i += 4) {
        const r = i * m, at = b * n + i, left = n - i, x0 = x[at];
        if (left < 4) {  // the last rows, one by one
          for (let k = 0; k < left; k++) for (let j = 0; j < m; j++) out[o + j] += x[at + k] * W[r + k * m + j];
          continue;
        }
        const x1 = x[at + 1], x2 = x[at + 2], x3 = x[at + 3], r1 = r + m, r2 = r1 + m, r3 = r2 + m;
        for (let j = 0; j < m; j++) out[o + j] += x0 * W[r + j] + x1 * W[r1 + j] + x2 * W[r2 + j] + x3 * W[r3 + j];
      }
    }
  }
  function addOuter(out, x, d, n, m) {  // out (n, m) += x (B, n) transposed, times d (B, m): four streams at a time
    for (let b = 0; b < B; b += 4) for (let i = 0; i < n; i++) {
      const at = b * n + i, x0 = x[at], x1 = x[at + n], x2 = x[at + 2 * n], x3 = x[at + 3 * n];
      const o = i * m, d0 = b * m, d1 = d0 + m, d2 = d1 + m, d3 = d2 + m;
      for (let j = 0; j < m; j++) out[o + j] += x0 * d[d0 + j] + x1 * d[d1 + j] + x2 * d[d2 + j] + x3 * d[d3 + j];
    }
  }
  function transpose(W, n, m, out) {
    for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[j * n + i] = W[i * m + j];
    return out;
  }
  function softmax(p, b) {
    let top = -Infinity, sum = 0;
    for (let v = b * V; v < b * V + V; v++) top = Math.max(top, p[v]);
    for (let v = b * V; v < b * V + V; v++) sum += p[v] = Math.exp(p[v] - top);
    for (let v = b * V; v < b * V + V; v++) p[v] /= sum;
  }

  function forward(from) {  // fill hidden and probs, and return the loss of T characters, the mean of the streams
    let loss = 0;
    for (let t = 0; t < T; t++) {
      const h = hidden[t + 1], p = probs[t];
      for (let b = 0; b < B; b++) {
        const row = id(b, from + t) * H;
        for (let j = 0; j < H; j++) h[b * H + j] = weights.b_h[j] + weights.W_xh[row + j];
        p.set(weights.b_y, b * V);
      }
      addProduct(h, hidden[t], weights.W_hh, H, H);
      for (let i = 0; i < B * H; i++) h[i] = Math.tanh(h[i]);
      addProduct(p, h, weights.W_hy, H, V);
      for (let b = 0; b < B; b++) {
        softmax(p, b);
        loss -= Math.log(p[b * V + id(b, from + t + 1)]);
      }
    }
    return loss / B;
  }

  function backward(from) {  // fill slopes: those of the sum of all streams
    for (const name in slopes) slopes[name].fill(0);
    dh.fill(0); transpose(weights.W_hh, H, H, W_hh_T); transpose(weights.W_hy, H, V, W_hy_T);
    for (let t = T - 1; t >= 0; t--) {
      const h = hidden[t + 1], dy = probs[t];  // the slope of a score: its probability, minus 1 for what came
      for (let b = 0; b < B; b++) {
        dy[b * V + id(b, from + t + 1)] -= 1;
        for (let v = 0; v < V; v++) slopes.b_y[v] += dy[b * V + v];
      }
      addOuter(slopes.W_hy, h, dy, H, V);
      addProduct(dh, dy, W_hy_T, V, H);
      for (let i = 0; i < B * H; i++) da[i] = dh[i] * (1 - h[i] * h[i]);
      for (let b = 0; b < B; b++) {
        const row = id(b, from + t) * H;
        for (let j = 0; j < H; j++) { slopes.b_h[j] += da[b * H + j]; slopes.W_xh[row + j] += da[b * H + j]; }
      }
      addOuter(slopes.W_hh, hidden[t], da, H, H);
      dh.fill(0); addProduct(dh, da, W_hh_T, H, H);
    }
  }

  function change(step, left) {  // Adam's step, the first has number 1, along slopes that are clipped to a length of 20
    let norm = 0;
    for (const name in slopes) for (const slope of slopes[name]) norm += slope * slope;
    const clip = Math.min(1, 20 / Math.sqrt(norm)), correction = 1 - 0.99 ** step;
    for (const name in weights) {
      const W = weights[name], g = slopes[name], m = means[name], v = squares[name];
      const far = left * factors[name] / (1 - 0.7 ** step);
      for (let i = 0; i < W.length; i++) {
        const slope = g[i] * clip;
        m[i] += 0.3 * (slope - m[i]);
        v[i] += 0.01 * (slope * slope - v[i]);
        W[i] -= far * m[i] / (Math.sqrt(v[i] / correction) + 1e-8);
      }
    }
  }

  const net = {weights, slopes, hidden, forward, backward, steps, step: 0, smoothed: T * Math.log(V)};
  net.train = () => {  // read T characters in each stream, change all numbers a little, and return the loss
    const done = net.step++, from = done % pieces * T, keep = 0.999 ** B;
    if (from === 0) hidden[0].fill(0);  // a new reading
    const loss = forward(from);
    backward(from);
    change(net.step, rate * (1 - done / steps));
    hidden[0].set(hidden[T]);
    net.smoothed = keep * net.smoothed + (1 - keep) * loss;
    return loss;
  };
  net.packed = () => {  // its numbers as network.js takes them: as the course's lie, in two bytes each
    const turned = (name, n, m) => transpose(weights[name], n, m, new Float64Array(n * m));
    const all = [turned("W_xh", V, H), turned("W_hh", H, H), turned("W_hy", H, V), weights.b_h, weights.b_y];
    const scales = all.map(W => (W.reduce((most, w) => Math.max(most, Math.abs(w)), 0) || 1) / 32767);
    return {scales, packed: Int16Array.from(all.flatMap((W, k) => Array.from(W, w => Math.round(w / scales[k]))))};
  };
  return net;
}

// In a worker: learn the text that comes, and tell of each step, but not more often than the page can show it.
onmessage = ({data: {ids, V, seed}}) => {
  const net = learner(ids, V, {seed});
  let losses = [], told = performance.now();
  postMessage({step: 0, losses, ...net.packed()});
  while (net.step < net.steps) {
    net.train();
    losses.push(net.smoothed);
    const kept = [1, 2, 3, 5, 8, 12, 17].includes(net.step) || net.step % 11 === 0;  // a moment that one can go back to
    if (!kept && performance.now() - told < 80) continue;
    postMessage({step: net.step, losses, ...kept && net.packed()});
    losses = []; told = performance.now();
  }
};
