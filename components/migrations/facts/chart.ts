/** Buf's chart (https://buf.build/docs/bsr/admin/on-prem/installation/): Helm's address of it, without a version. */
export const defaultChart = "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr";

/** The container of a BSR's pod that serves, and that has the status page, by the name that Buf's documentation gives it. */
export const bufdContainer = "bufd";
