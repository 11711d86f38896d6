// The address tells how a picture stands in the history's entry that the picture belongs to.

import { Address } from "../../../viz/page/components/source/address.js";

const later = () => new Promise((done) => setTimeout(done, 200));

const place = (entry, gone = 0) => ({ entry, gone });

// An address, and what it writes.
function noted() {
  const address = new Address(() => {});
  const written = [];
  address.write = (how, query) => written.push(`${how} ${query}`);
  return { address, written };
}

function expect(written, ...wanted) {
  if (written.join() !== wanted.join()) throw new Error(written.join());
}

Deno.test("a picture that is there before its entry says nothing in the one before", async () => {
  const { address, written } = noted();
  address.show({ view: "f=one", entry: 1, gone: 0 });
  address.stand({ step: "2" }, place(1));
  await later();
  address.stand({ step: null }, place(2));
  await later();
  address.show({ view: "f=two", entry: 2, gone: 0 });
  await later();
  address.close();
  expect(written, "replaceState f=one&step=2", "pushState f=two", "replaceState f=two");
});

Deno.test("what is still to be written is of the entry that was shown then", async () => {
  const { address, written } = noted();
  address.show({ view: "f=one", entry: 1, gone: 0 });
  address.stand({ step: "2" }, place(1));
  await later();
  address.beside({ sidebar: "1" }); // the address is to be written, and meanwhile
  address.stand({ step: null }, place(2)); // the next picture comes,
  await later(); // its entry only after a while
  address.stand({ step: "3" }, place(1)); // as the old picture still tells
  address.show({ view: "f=two", entry: 2, gone: 0 });
  address.close();
  expect(
    written,
    "replaceState f=one&step=2",
    "replaceState f=one&step=2&sidebar=1",
    "replaceState f=one&step=3&sidebar=1",
    "pushState f=two",
  );
});

Deno.test("nothing is written between Back and its answer, nor of the picture before", async () => {
  const { address, written } = noted();
  address.show({ view: "f=two", entry: 2, gone: 0 });
  address.stand({ step: "5", card: "n1" }, place(2));
  await later();
  Object.assign(globalThis, { location: new URL("https://page.example/?f=one&step=2") });
  address.leave();
  address.stand({ step: null, card: "n1" }, place(2));
  address.beside({ sidebar: "1" });
  address.show({ view: "f=two", entry: 2, gone: 0 }); // of a run that Back has overtaken
  await later();
  address.show({ view: "f=one", entry: 2, gone: 1 }); // its program does not run: no picture
  address.stand({ step: "4", card: "n1" }, place(2));
  await later();
  address.stand({ step: "1", card: null }, place(2, 1));
  await later();
  address.close();
  expect(
    written,
    "replaceState f=two&step=5&card=n1",
    "replaceState f=one&step=2&sidebar=1",
    "replaceState f=one&step=1&sidebar=1",
  );
});
