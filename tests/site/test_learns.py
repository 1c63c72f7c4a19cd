"""The network that learns on the home page, in Chromium: its losses and its verse are those of NumPy."""

import re
import sys

import numpy as np
import pytest
from in_chromium import ROOT, browser, sync_api  # noqa: F401

from course.show.alive import FIRST_DICE, in_two_bytes

sys.path.insert(0, str(ROOT / "docs"))
home, learned = __import__("home"), __import__("learned")
pytestmark = pytest.mark.slow
SCRIPTS = [ROOT / "course" / "show" / "network.js", ROOT / "docs" / "learner.js"]
NAMES = ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
BEGIN = """text => {
    const chars = [...new Set(text)].sort(), ids = Int32Array.from(text, c => chars.indexOf(c));
    window.net = learner(ids, chars.length, {seed: SEED});
}"""


@pytest.fixture(scope="module")
def network():
    """What the engine makes of the Sonnets."""
    return learned.learn()


@pytest.fixture
def script(browser, network):  # noqa: F811
    """A tab that has the two scripts and nothing else, with a network that has learned nothing yet."""
    tab = browser.new_page()
    for path in SCRIPTS:
        tab.add_script_tag(content=path.read_text(encoding="utf-8"))
    tab.evaluate(BEGIN.replace("SEED", str(learned.START)), network.text)
    yield tab
    tab.close()


# ---------------------------------------------------------------- the scripts
def test_from_the_same_start_the_first_twenty_losses_are_those_of_the_engine(script, network):
    scales, numbers = in_two_bytes(learned.start(learned.UNITS, network.vocabulary.size, learned.START))
    packed = script.evaluate("(({scales, packed}) => ({scales, packed: [...packed]}))(net.packed())")
    np.testing.assert_allclose(packed["scales"], scales, rtol=1e-12)
    assert packed["packed"] == numbers.tolist()
    losses = script.evaluate("Array.from({length: 20}, () => { net.train(); return net.smoothed; })")
    wanted = network.bits[1:21] * learned.LENGTH * np.log(2)
    np.testing.assert_allclose(losses, wanted, rtol=1e-9)


def test_its_slopes_are_those_that_differences_of_its_loss_measure(script):
    found = script.evaluate(
        """names => {
            for (let k = 0; k < 3; k++) net.train();  // away from the start
            const before = net.hidden[0].slice(), tiny = 1e-5, pairs = [];
            net.forward(150);
            net.backward(150);
            const slopes = Object.fromEntries(names.map(name => [name, net.slopes[name].slice()]));
            const loss = () => { net.hidden[0].set(before); return net.forward(150); };
            for (const name of names) for (let k = 0; k < 4; k++) {
                const W = net.weights[name], i = (7919 * k + 13) % W.length, w = W[i];
                W[i] = w + tiny;
                const above = loss();
                W[i] = w - tiny;
                const below = loss();
                W[i] = w;
                pairs.push([slopes[name][i], 24 * (above - below) / (2 * tiny)]);  // a loss is the mean of 24 streams
            }
            return pairs;
        }""",
        NAMES,
    )
    slopes, measured = np.transpose(found)
    assert len(found) == 20 and np.abs(slopes).max() > 1
    np.testing.assert_allclose(slopes, measured, rtol=1e-4, atol=1e-5)


def test_the_goal_is_reached_from_five_starts():
    ends = [learned.learn(seed).bits[-1] * learned.LENGTH * np.log(2) for seed in range(1, 6)]
    assert max(ends) < home.GOAL
    page_11 = (ROOT / "notebooks" / "11_train_in_a_second.ipynb").read_text(encoding="utf-8")
    assert f"GOAL = {home.GOAL} " in page_11


def test_the_recipe_is_that_of_page_11(network):
    page_11 = (ROOT / "notebooks" / "11_train_in_a_second.ipynb").read_text(encoding="utf-8")
    for setting in ("race(name, 0.036, num_epochs=4", '"streams": 24', '"adam_short"', '"max_norm": 20', '"linear"'):
        assert setting.replace('"', '\\"') in page_11, setting
    assert r"own_rates = {\"W_xh\": 8, \"W_hh\": 0.7}" in page_11
    assert len(network.bits) - 1 == 308


# ---------------------------------------------------------------- the page
@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("learns") / "index.html"
    path.write_text(home.home("", 37), encoding="utf-8")
    return path


COUNTED = "window.workers = 0; window.Worker = class extends Worker { constructor(url) { super(url); workers++; } };"

HELD = """window.Worker = class extends Worker {  // the page hears of the first moment only, however fast it goes on
    set onmessage(hear) { super.onmessage = event => event.data.step || hear(event); }
};"""


@pytest.fixture(scope="module")
def opened(browser, written):  # noqa: F811
    """Open the page. Options are those of the browser, and a script that runs before. Faults, and requests for
    anything else, fail the test."""
    contexts, faults = [], []

    def in_a_tab(before="", path=written, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(600_000)  # a busy computer may need long
        tab.add_init_script(COUNTED + before)
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        ours = (path.as_uri(), "data:", "blob:")
        context.on("request", lambda one: one.url.startswith(ours) or faults.append(one.url))
        tab.goto(path.as_uri())
        return tab

    yield in_a_tab
    assert faults == []
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def learned_tab(opened):
    """The page, when it has read the Sonnets four times."""
    tab = opened()
    tab.wait_for_selector("#keep")
    return tab


def one_line(text):
    return " ".join(text.split())


def test_it_learns_and_ends_below_2019_where_numpy_ends(learned_tab, network):
    assert learned_tab.inner_text("#heading") == "It has read the Sonnets four times"
    bits = learned_tab.evaluate("run.bits")
    np.testing.assert_allclose(bits, network.bits, rtol=1e-6)
    assert bits[-1] * learned.LENGTH * np.log(2) < home.GOAL
    assert learned_tab.inner_text("#now") == f"{network.bits[-1]:.2f}" < learned_tab.inner_text("#goal").split()[-1]
    # The number of the last loss stands above the curve and the line of 2019.
    top, curve, tag = (learned_tab.locator(one).bounding_box() for one in (".chart", "#dot", "#now"))
    assert tag["y"] + tag["height"] < curve["y"] and top["x"] < tag["x"] < curve["x"]
    assert learned_tab.locator("#hint").is_visible() and not learned_tab.locator("#return").is_visible()
    assert learned_tab.evaluate("workers") == 1 and learned_tab.inner_text("#go") == "Start again"
    assert re.fullmatch(r"That took \d+ seconds?\. It has learned .*", one_line(learned_tab.inner_text("#after")))


def test_the_still_is_what_the_script_writes(learned_tab, network, written):
    still = re.search('<div id="out".*?>(.*?)</div>', written.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert still == learned.known_words(network.verse().strip(), network.text)
    verse = network.verse()
    assert len(verse) == learned.LETTERS and learned_tab.evaluate("shown.wrote") == verse
    assert one_line(verse).startswith(one_line(learned_tab.text_content("#out")))
    curve = re.search('id="curve" d="M(.*?)"', written.read_text(encoding="utf-8"))[1].split("L")
    heights = [float(point.split(",")[1]) for point in curve]
    drawn = learned_tab.get_attribute("#curve", "d").removeprefix("M").split("L")
    assert [float(point.split(",")[1]) for point in drawn][::4] == pytest.approx(heights, abs=0.06)


def counted(tab, text):
    """Return (how many of the shown words stand in a text, how many there are)."""
    words, known = learned.WORD.findall(tab.text_content("#out")), set(learned.WORD.findall(text))
    assert tab.locator("#out b").all_text_contents() == [word for word in words if word in known]
    return sum(word in known for word in words), len(words)


def test_the_blue_words_are_those_that_python_counts_at_each_moment(learned_tab, network):
    verses = set()
    for presses in ("End", "PageDown", "Home"):
        learned_tab.focus("#back")
        learned_tab.keyboard.press(presses)
        blue, count = counted(learned_tab, network.text)
        verb = "is" if blue == 1 else "are"
        assert learned_tab.inner_text("#words") == f"Blue: {blue} of its {count} words {verb} in the Sonnets."
        verses.add(learned_tab.text_content("#out"))
    assert len(verses) == 3
    assert learned_tab.inner_text("#when") == "Nothing read yet. All its numbers are random."
    assert learned_tab.inner_text("#now") == "5.13" and blue < count / 2
    learned_tab.keyboard.press("End")
    assert learned_tab.inner_text("#when") == "369,600 letters read, 308 changes"


def test_who_types_gets_an_answer_at_once(learned_tab):
    learned_tab.keyboard.press("Escape")
    learned_tab.focus("#line")
    learned_tab.keyboard.press("ControlOrMeta+A")
    learned_tab.keyboard.type("My love is 7")
    assert learned_tab.inner_text("#words") == "It has never seen “7”, so that is left out."
    learned_tab.keyboard.press("Backspace")
    before = learned_tab.text_content("#out")
    learned_tab.keyboard.type("s")
    assert learned_tab.text_content("#out") != before and learned_tab.inner_text("#words").startswith("Blue: ")
    assert re.fullmatch(r"You typed “s”\. It had given that (less than 1|\d+) %\.", learned_tab.inner_text("#came"))
    learned_tab.fill("#line", "“my love” – is")  # a phone writes these
    assert learned_tab.evaluate("shown.begin") == "my love — is"
    assert learned_tab.inner_text("#words").startswith("Blue: ")
    learned_tab.evaluate("line.value = ('ab ' + '7').repeat(50); line.oninput()")
    cut = "It has never seen “7”, so that is left out. A first line can’t be longer than that."
    assert learned_tab.inner_text("#words") == cut
    for control, key in (("#dial", "End"), ("#other", "Enter")):
        before = learned_tab.text_content("#out")
        learned_tab.focus(control)
        learned_tab.keyboard.press(key)
        assert learned_tab.text_content("#out") != before, control


def test_one_can_look_inside_at_each_place(learned_tab):
    learned_tab.focus("#at")
    learned_tab.keyboard.press("Home")
    first = learned_tab.text_content("#strip mark")  # no blank
    assert learned_tab.inner_text("#came").startswith(f"In the line comes “{first}”. It had given that ")
    for _ in range(8):
        learned_tab.keyboard.press("ArrowRight")
    heights = "[...document.querySelectorAll('#bars div')].map(one => +one.style.getPropertyValue('--p'))"
    assert sum(learned_tab.evaluate(heights)) == pytest.approx(1, abs=0.01)
    read = learned_tab.evaluate("[...document.querySelectorAll('#state div')].map(one => one.dataset.sign).join('')")
    strip = learned_tab.text_content("#strip").replace(" ", "␣")
    assert read == strip[2:8] and learned_tab.locator("#bars .drawn").count() == 1
    assert learned_tab.get_attribute("#bars .drawn", "data-sign") == strip[8]


def test_what_is_kept_writes_what_the_page_wrote(learned_tab, opened, tmp_path):
    learned_tab.fill("#line", 'O <love>, so long & "true"')
    learned_tab.focus("#back")
    learned_tab.keyboard.press("PageDown")
    wrote, path = learned_tab.evaluate("shown.begin + shown.wrote"), tmp_path / "my_network.html"
    with learned_tab.expect_download() as download:
        learned_tab.click("#keep")
    assert download.value.suggested_filename == path.name
    download.value.save_as(path)
    kept = opened(path=path, reduced_motion="reduce")
    assert kept.input_value("#line") == learned_tab.input_value("#line")
    again = kept.text_content("#out")
    assert len(again) > 200 and wrote.startswith(again)
    assert kept.inner_text("h1") == "This network learned to write in a browser."
    assert not re.search(r"@[A-Z_]+@|undefined|my_network\.py", path.read_text(encoding="utf-8"))
    assert path.stat().st_size < 70_000
    learned_tab.focus("#back")
    learned_tab.keyboard.press("End")


def settle(tab):
    """Wait until the page has its text, and for three pictures: whatever was to begin has begun then."""
    tab.evaluate("async () => { for (let k = 0; k < 3 || !sonnets; k++) await new Promise(requestAnimationFrame); }")


def test_it_begins_once_and_only_when_it_is_seen(opened):
    away = "window.away = true; Object.defineProperty(document, 'hidden', {get: () => away});"
    tab = opened(away + HELD, viewport={"width": 390, "height": 300})
    tab.evaluate("scrollTo(0, 500)")
    settle(tab)
    assert tab.evaluate("workers") == 0, "nobody sees the tab"
    seen = "away = {}; document.dispatchEvent(new Event('visibilitychange'));"
    tab.evaluate("scrollTo(0, 0)")
    settle(tab)
    tab.evaluate(seen.format("false"))
    assert tab.evaluate("workers") == 0, "nobody sees the box"
    tab.evaluate("scrollTo(0, 500)")
    tab.wait_for_selector("#words:has-text('of its')")
    assert tab.evaluate("[workers, run.bits.length]") == [1, 1]
    for hidden in ("true", "false"):
        tab.evaluate(seen.format(hidden))
    tab.evaluate("scrollTo(0, 0)")
    assert tab.evaluate("workers") == 1
    tab.click("#go")
    assert tab.inner_text("#heading") == "Stopped after 0 letters"
    tab.evaluate("scrollTo(0, 500)")
    tab.evaluate(seen.format("false"))
    settle(tab)
    assert tab.evaluate("workers") == 1 and tab.inner_text("#go") == "Start again"
    tab.click("#go")
    assert tab.evaluate("workers") == 2 and tab.inner_text("#go") == "Stop"
    tab.click("#go")


SAVES = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}});"


@pytest.mark.parametrize("before, options", [("", {"reduced_motion": "reduce"}), (SAVES, {})], ids=["motion", "data"])
def test_whoever_wants_little_motion_or_data_sees_a_still_until_they_ask(opened, network, before, options):
    tab = opened(before, **options)
    tab.wait_for_selector(".idle")
    settle(tab)
    assert tab.evaluate("workers") == 0 and tab.inner_text("#go") == "Let it learn"
    assert tab.text_content("#out") == network.verse().strip()
    assert tab.inner_text("#heading") == "It has read the Sonnets four times"
    tab.click("#go")
    tab.wait_for_selector("#words:has-text('of its')")
    assert tab.evaluate("workers") == 1


def test_without_javascript_there_is_a_still(opened, network):
    tab = opened(java_script_enabled=False)
    assert tab.text_content("#out") == network.verse().strip() and tab.locator(".live noscript p").is_visible()
    assert not any(tab.locator(one).is_visible() for one in ("#form", "#back", "#go", "#bars", "#dial"))


MANY = "".join(map(chr, range(0x4E00, 0x4E00 + 500)))
LIMITS = {
    "short": "That is 5 characters, and it needs at least 2,000, about one page.",
    " " * 3000: "That is 0 characters, and it needs at least 2,000, about one page.",
    "a" * 3000: "This text has one character, over and over: there is nothing to learn from it.",
    MANY * 4: "This text has 500 different characters, and such a small network can tell 120 apart at most.",
    "a\ufffdb" * 1000: "This file is not plain text: save it as .txt, in UTF-8, and try again.",
}


def test_a_text_that_will_not_do_is_told_why(opened):
    tab = opened(reduced_motion="reduce")
    tab.wait_for_selector(".idle")
    tab.click("#own")
    for text, says in LIMITS.items():
        tab.evaluate("text => { document.getElementById('text').value = text; }", text)
        tab.click("#learn")
        assert tab.inner_text("#fault") == says
    files = {
        b"a" * 6_000_000: "This has 6.0 MB, and 5 MB are the most that it takes.",
        "Gr\u00fc\u00dfe".encode("latin-1")
        * 900: "This file is not plain text: save it as .txt, in UTF-8, and try again.",
    }
    for content, says in files.items():
        tab.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": content})
        tab.wait_for_selector(f"#fault:has-text('{says}')")
    tab.click("#no")
    assert tab.evaluate("workers") == 0 and not tab.locator("#box").is_visible()


def test_it_learns_from_a_text_of_ones_own(opened):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")[:4000]
    tab = opened(HELD, reduced_motion="reduce")
    tab.wait_for_selector(".idle")
    tab.click("#own")
    text, content = readme + " \u00e9", (readme.replace("\n", "\r\n") + " e\u0301").encode()
    tab.set_input_files("#file", {"name": "README.md", "mimeType": "text/plain", "buffer": content})
    tab.wait_for_selector("#fault:empty", state="attached")
    tab.click("#learn")
    tab.wait_for_selector("#words:has-text('of its')")
    assert tab.evaluate("text.source") == text and tab.input_value("#line") == readme.splitlines()[0][:60].strip()
    assert tab.inner_text("#heading") == "It reads your text: reading 1 of 103"
    blue, count = counted(tab, text)
    assert re.fullmatch(f"Blue: {blue} of its {count} words (?:is|are) in your text.", tab.inner_text("#words"))
    assert not tab.locator("#goal").is_visible() and tab.locator("#bars div").count() == 40
    tab.fill("#line", "“é” is")  # this text has straight quotes
    assert tab.evaluate("shown.begin") == '"é" is'
    tab.click("#return")
    assert tab.evaluate("text === sonnets")
    tab.wait_for_selector("#words:has-text('in the Sonnets')")
    assert tab.input_value("#line") == learned.LINE and tab.evaluate("document.activeElement.id") == "own"
    assert tab.inner_text("#heading") == "It reads the Sonnets for the first time" and tab.locator("#goal").is_visible()
    assert not tab.locator("#return").is_visible() and tab.evaluate("workers") == 2
    tab.click("#go")


def test_a_file_can_be_dropped_on_the_box(opened):
    tab = opened(reduced_motion="reduce")
    tab.wait_for_selector(".idle")
    tab.click("#own")
    tab.evaluate(
        """text => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([text], "mine.txt", {type: "text/plain"}));
            const event = kind => new DragEvent(kind, {dataTransfer: dropped, bubbles: true, cancelable: true});
            area.dispatchEvent(event("dragover"));
            window.marked = box.classList.contains("over");
            window.free = area.dispatchEvent(event("drop"));  // the browser would open the file
        }""",
        "a line of verse\n" * 200,
    )
    sync_api.expect(tab.locator("#text")).to_have_value("a line of verse\n" * 200)  # wait_for_function needs eval
    assert tab.evaluate("[marked, free, box.classList.contains('over')]") == [True, False, False]
    assert tab.inner_text("#fault") == ""
    tab.click("#no")


def test_the_first_dice_and_the_first_start_are_said_to_be_unchosen(written):
    text = written.read_text(encoding="utf-8")
    assert "neither was chosen by what it writes" in text
    assert f"let seed = {FIRST_DICE};" in text and f"seed: {learned.START}}}" in text
