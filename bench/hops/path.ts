/** Eight minors with no required stop on the way; from the third on they have a status page. */
export const from = "1.8.3";
export const hops = ["1.9.1", "1.10.0", "1.11.0", "1.12.1", "1.13.0", "1.14.0", "1.15.2", "1.16.1"];

/** Where the same stack goes on to: two minors, two more, and three. */
export const further = [
  { hops: 2, to: "1.18.0" },
  { hops: 2, to: "1.20.1" },
  { hops: 3, to: "1.23.0" },
];
