import { fillIn } from "../../../core/util/fillIn";

it("fills in every place, a name that is there twice in both, and leaves the rest alone", () => {
  const text = '#!/bin/sh\necho @what@ @howMany@ "$@" "${list[@]}" user@host @what@\n';
  expect(fillIn(text, { what: "x", howMany: 3 })).toBe('#!/bin/sh\necho x 3 "$@" "${list[@]}" user@host x\n');
});

it("takes a value as it is: neither its places nor its dollars mean anything", () => {
  expect(fillIn("@one@ @other@", { one: "@other@ $& $1", other: "y" })).toBe("@other@ $& $1 y");
});

it("throws for a place without a value, and for a value without a place", () => {
  expect(() => fillIn("@what@", {})).toThrow("the text has a place for what");
  expect(() => fillIn("@what@", { what: "x", size: 1 })).toThrow("the text has no place for size");
});
