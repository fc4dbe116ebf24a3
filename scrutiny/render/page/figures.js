// Draws each figure in place of its still picture, which paper keeps, as wide as there is room, and anew when that changes.

const OPTIONS = {
  actions: false,
  ast: true, // expressions are interpreted: the page's policy forbids to make code of text
  defaultStyle: false,
  renderer: "svg",
  tooltip: { theme: "custom", disableDefaultStyle: true },
};

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
