/** The label of every Secret that the component makes; a Secret without it is somebody else's. */
export const madeHere = { "app.kubernetes.io/managed-by": "pulumi-bsr" };
