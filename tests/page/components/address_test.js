// The address tells how a picture stands in the history's entry that the picture belongs to.

import { Address } from "../../../viz/page/components/source/address.js";

const later = () => new Promise((done) => setTimeout(done, 200));

Deno.test("a picture that is there before its entry says nothing in the one before", async () => {
  const address = new Address(() => {});
  const written = [];
  address.write = (how, query) => written.push(`${how} ${query}`);
  address.show({ view: "f=one", entry: 1, gone: 0 });
  address.stand({ step: "2" }, 1);
  await later();
  address.stand({ step: null }, 2);
  await later();
  address.show({ view: "f=two", entry: 2, gone: 0 });
  await later();
  address.close();
  const wanted = ["replaceState f=one&step=2", "pushState f=two", "replaceState f=two"];
  if (written.join() !== wanted.join()) throw new Error(written.join());
});
