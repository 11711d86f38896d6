// Tells Python where somebody clicked in one of plotly's figures.


export class Clicks {
  constructor(root, component) {
    this.component = component;
    this.observer = new MutationObserver(() => this.attach());
    const home = root.getRootNode().host.closest('[data-testid="stVerticalBlock"]') ?? document.body;
    this.observer.observe(home, { childList: true, subtree: true });
  }

  close() {
    this.observer.disconnect();
  }

  update(data) {
    this.data = data;
    this.attach();
  }

  attach() {
    const plot = document.querySelector(`.st-key-${this.data?.target} .js-plotly-plot`);
    if (!plot?.on || plot === this.plot) return;
    this.plot = plot;
    plot.on("plotly_click", ({ points: [point] }) => {
      this.component.setStateValue("place", [Number(point.x), Number(point.y)]);
    });
  }
}
