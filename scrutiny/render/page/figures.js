// Draws each figure in place of its still picture, which paper keeps, as wide as there is room, and anew when that changes.

const OPTIONS = {
  actions: false,
  ast: true, // expressions are interpreted: the page's policy forbids to make code of text
  defaultStyle: false,
  renderer: "svg",
  tooltip: tell,
};
const EDGE = 8; // pixels between what is told and the window's edge

const told = document.body.appendChild(document.createElement("div"));
told.id = "told";
told.setAttribute("role", "status");

// Tells of what is pointed at, within the window; a finger that lifts has not pointed elsewhere.
function tell(_, event, item, value) {
  if (!value) {
    if (event?.pointerType !== "touch") hide(); // without an event where a drawing goes
    return;
  }
  const { title, ...rest } = value;
  const rows = Object.entries(rest).map(([name, text]) => row(part("dt", name), part("dd", text)));
  told.replaceChildren(part("strong", title), ...rows);
  told.classList.add("visible");
  const { width, height } = told.getBoundingClientRect();
  const below = event.clientY + 2 * EDGE;
  told.style.left = `${Math.max(EDGE, Math.min(event.clientX + 2 * EDGE, innerWidth - width - EDGE))}px`;
  told.style.top = `${below + height > innerHeight ? Math.max(EDGE, event.clientY - height - 2 * EDGE) : below}px`;
}

function part(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function row(...parts) {
  const made = document.createElement("dl");
  made.append(...parts);
  return made;
}

function hide() {
  told.classList.remove("visible");
}

addEventListener("pointerdown", ({ target }) => target.closest(".drawing [aria-label]") || hide());
addEventListener("keydown", ({ key }) => key === "Escape" && hide());

function fitted(figure, width) {
  const { before, after, gap, sideBySide } = figure.usermeta;
  const columns = figure.concat && width >= sideBySide ? 2 : 1;
  const plot = Math.floor((width - gap * (columns - 1)) / columns) - before - after;
  return figure.concat
    ? { ...figure, columns, concat: figure.concat.map((panel) => ({ ...panel, width: plot })) }
    : { ...figure, width: plot };
}

function follow(place, figure) {
  let width = 0;
  let drawn = null;
  const draw = async () => {
    const room = Math.floor(place.clientWidth);
    if (room === width || room < 1) return;
    width = room;
    const made = document.createElement("div");
    const next = await vegaEmbed(made, fitted(figure, room), OPTIONS);
    if (room !== width) return next.finalize();
    drawn?.finalize();
    drawn = next;
    next.view.addEventListener("click", (event, item) => tell(next, event, item, item?.tooltip)); // fingers do not hover
    place.replaceChildren(made);
    place.closest("figure").classList.add("live");
  };
  new ResizeObserver(lodashDebounce(draw, 100)).observe(place);
  return draw();
}

for (const one of document.querySelectorAll("figure[data-chart]")) {
  const figure = JSON.parse(document.getElementById(one.dataset.chart).textContent);
  follow(one.querySelector(".drawing"), figure);
}
