/** The address of Buf's chart without a version (https://buf.build/docs/bsr/admin/on-prem/installation/). */
export const defaultChart = "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr";

/** The container that serves the API and the status page, by its name in Buf's documentation. */
export const bufdContainer = "bufd";
