// Draws the trees of dashboards/drawing.py: plain SVG elements with classes, so that contrast mode and print need no second drawing.
(function () {
  "use strict";
  const element = window.React.createElement;
  const renamed = { class: "className", "text-anchor": "textAnchor", tabindex: "tabIndex" };

  function draw(node, place) {
    if (typeof node === "string") return node;
    const props = { key: place };
    for (const [name, value] of Object.entries(node.attributes)) props[renamed[name] || name] = value;
    return element(node.tag, props, ...node.inside.map(draw));
  }

  window.portal_drawing = { Drawing: (props) => (props.tree ? draw(props.tree, "drawing") : null) };
})();
