import fc from "fast-check";
import { z } from "zod";
import { argsSchema, plainOf, shapeOf } from "../../components/bsr-release/args";

/** Every name that a key of the arguments has, so that what is made up reaches into the blocks. */
function namesOf(schema: z.core.$ZodType): string[] {
  const plain = plainOf(schema);
  if (plain instanceof z.ZodArray) return namesOf(plain.element);
  if (!(plain instanceof z.ZodObject)) return [];
  return Object.entries(shapeOf(plain)).flatMap(([name, inner]) => [name, ...namesOf(inner)]);
}

const ofObjects = ["__proto__", "constructor", "toString", "hasOwnProperty", "maintenance"];

const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, "", " ", "\u0000", "\n", "1.5.1", "x".repeat(300), [], {}, [null], true),
  fc.constantFrom(0, -1, 1.5, 65_536, 1e21),
  fc.jsonValue({ maxDepth: 2 }),
);

/** JSON of any shape, with the arguments' own names in it. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.dictionary(fc.constantFrom(...new Set(namesOf(argsSchema)), ...ofObjects), tie("node"), {
      maxKeys: 4,
    }),
    fc.array(tie("node"), { maxLength: 3 }),
  ),
})).node;
