"""`torchsummary.summary` prints a row for each layer that ran, and how many numbers they hold."""

from __future__ import annotations

from tests.tracing.typed.libraries.test_book import run


def test_each_layer_has_a_row_and_all_are_summed_up() -> None:
    _, transcript = run(
        "layers = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1000))\n"
        "layers[0].weight.requires_grad_(False)\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.layers = layers\n"
        "    def forward(self, x):\n"
        "        return self.layers(x)\n"
        "summary(Net(), (1, 4, 4), device='cpu')",
        "from torchsummary import summary",
    )
    printed = transcript.printed.since(0)
    rows = [line.split() for line in printed.splitlines()[3:7]]
    assert [(row[0], row[-1]) for row in rows] == [
        ("Conv2d-1", "20"),
        ("ReLU-2", "0"),
        ("Flatten-3", "0"),
        ("Linear-4", "9,000"),
    ]
    assert "Total params: 9,020\nTrainable params: 9,000\nNon-trainable params: 20\n" in printed
    assert "Params size (MB): 0.03\nEstimated Total Size (MB): 0.04\n" in printed
