// Saves a chart as a picture, as it stands on the page: title, measure, key, drawing, sentence, source and the mark of the data.
(function () {
  "use strict";
  const EDGE = 24, SHARP = 2;
  const PAINTED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin", "opacity", "vector-effect"];
  const LEFT_OUT = "a, button, details, form, .hush, .modebar, noscript";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.picture");
    if (!button) return;
    const canvas = await painted(button.closest("figure"));
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = button.getAttribute("aria-label").replace(/^PNG: /, "").slice(0, 60).trim() + ".png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  });

  async function painted(figure) {
    await document.fonts.ready;
    const frame = figure.getBoundingClientRect();
    const canvas = document.createElement("canvas");
    canvas.width = (frame.width + 2 * EDGE) * SHARP;
    canvas.height = (bottom(figure) - frame.top + 2 * EDGE) * SHARP;
    const pen = canvas.getContext("2d");
    pen.scale(SHARP, SHARP);
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.translate(EDGE - frame.left, EDGE - frame.top);
    for (const row of figure.querySelectorAll("tr")) rule(pen, row);
    for (const drawing of figure.querySelectorAll("svg")) {
      if (drawing.parentElement.closest("svg") || !shown(drawing)) continue;
      await paint(pen, drawing);
    }
    write(pen, figure);
    return canvas;
  }

  function bottom(figure) {
    return figure.querySelector(".source").getBoundingClientRect().bottom;
  }

  function shown(element) {
    const left = element.closest(LEFT_OUT);
    return element.checkVisibility() && (!left || (left.matches("a") && (left.closest("th, td, svg"))));
  }

  function rule(pen, row) {
    const box = row.getBoundingClientRect();
    if (!row.checkVisibility() || !box.height) return;
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--line");
    pen.fillRect(box.left, box.bottom - 1, box.width, 1);
  }

  async function paint(pen, drawing) {
    const box = drawing.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const copy = drawing.cloneNode(true);
    const pairs = [drawing, ...drawing.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((one, place) => {
      const style = getComputedStyle(pairs[place]);
      for (const name of PAINTED) one.style.setProperty(name, style.getPropertyValue(name));
    });
    copy.querySelectorAll("text").forEach((text) => text.remove());
    copy.querySelectorAll("use").forEach((use) => inside(use, getComputedStyle(drawing).color));
    document.querySelectorAll("pattern").forEach((pattern) => copy.append(inked(pattern)));
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
    await image.decode();
    pen.drawImage(image, box.left, box.top, box.width, box.height);
  }

  function inside(use, colour) {
    const symbol = document.querySelector(use.getAttribute("href"));
    const copy = document.createElementNS("http://www.w3.org/2000/svg", "g");
    copy.append(...[...symbol.childNodes].map((one) => one.cloneNode(true)));
    copy.setAttribute("style", `fill: ${colour}; stroke: ${colour}`);
    use.replaceWith(copy);
  }

  function inked(pattern) {
    const copy = pattern.cloneNode(true);
    [...copy.children].forEach((one, place) => {
      const style = getComputedStyle(pattern.children[place]);
      for (const name of ["fill", "stroke", "stroke-width"]) one.style.setProperty(name, style.getPropertyValue(name));
    });
    return copy;
  }

  // Every word where it stands, in the page's own type: an image inside a canvas would not know the page's fonts.
  function write(pen, figure) {
    const texts = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const node = texts.currentNode, holder = node.parentElement;
      if (!shown(holder) || holder.closest("title")) continue;
      const style = getComputedStyle(holder);
      pen.font = `${style.fontWeight} ${scaled(holder, style)}px ${style.fontFamily}`;
      pen.fillStyle = holder.closest("svg") ? style.fill : style.color;
      for (const word of node.data.matchAll(/[^ \n\t]+/g)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const box = range.getBoundingClientRect();
        const size = pen.measureText(word[0]);
        const free = box.height - size.fontBoundingBoxAscent - size.fontBoundingBoxDescent;
        pen.fillText(word[0], box.left, box.top + free / 2 + size.fontBoundingBoxAscent);
      }
    }
  }

  function scaled(holder, style) {
    const drawing = holder.closest("svg.chart");
    const box = drawing && drawing.viewBox.baseVal;
    return parseFloat(style.fontSize) * (box && box.width ? drawing.getBoundingClientRect().width / box.width : 1);
  }
})();
