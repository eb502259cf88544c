// Draws every chart of the page with Vega, as wide as there is room, and again when that changes.
// Colours are CSS variables (page.css), so day, night and print need no other drawing.
'use strict';
(function () {
  const loaded = {};
  // A part of Vega, with the parts that it asks for.
  function part(name) {
    if (!loaded[name]) {
      const module = {exports: (loaded[name] = {})};
      vegaParts[name](module.exports, module, part);
    }
    return loaded[name];
  }
  const {View} = part('vega-view');
  const {parse} = part('vega-parser');
  const {expressionInterpreter} = part('vega-interpreter');  // compiles nothing, so the page may forbid eval
  Object.assign(part('vega-dataflow').transforms, part('vega-transforms'), part('vega-view-transforms'),
                part('vega-encode'));

  const font = getComputedStyle(document.body).fontFamily;
  const config = {
    font: font,
    axis: {
      labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, titlePadding: 8,
      labelPadding: 5, labelColor: 'var(--muted)', titleColor: 'var(--muted)', gridColor: 'var(--grid)',
      domainColor: 'var(--rule)', tickColor: 'var(--rule)', tickSize: 4,
    },
    text: {font: font},
  };

  function draw(figure) {
    const plot = figure.querySelector('.plot');
    const spec = JSON.parse(figure.querySelector('script').textContent);
    const room = plot.clientWidth;
    if (room === 0 || room === figure.drawnFor) return;
    figure.drawnFor = room;
    const width = spec.usermeta && spec.usermeta.fluid ? room : Math.min(room, spec.width);
    if (spec.width && width < spec.width) spec.height = Math.round(spec.height * width / spec.width);
    spec.width = width;
    spec.padding = {left: 2, top: 6, right: 10, bottom: 6};
    if (figure.view) figure.view.finalize();
    figure.view = new View(parse(spec, config, {ast: true}),
                           {expr: expressionInterpreter, renderer: 'svg', container: plot, hover: false});
    return figure.view.runAsync();
  }

  const figures = Array.from(document.querySelectorAll('figure.chart'));
  const drawn = Promise.all(figures.map(draw));
  // Says to who waits for it that all are drawn.
  drawn.then(function () { document.documentElement.dataset.charts = String(figures.length); });
  const observer = new ResizeObserver(function (entries) {
    requestAnimationFrame(function () {
      for (const entry of entries) draw(entry.target.closest('figure'));
    });
  });
  for (const figure of figures) observer.observe(figure.querySelector('.plot'));

  // Paper has another width than the window: the page takes it, and the charts with it.
  function printing(yes) {
    document.documentElement.classList.toggle('printing', yes);
    figures.forEach(draw);
  }
  addEventListener('beforeprint', function () { printing(true); });
  addEventListener('afterprint', function () { printing(false); });
})();
