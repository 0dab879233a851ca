/** Buf's chart (https://buf.build/docs/bsr/admin/on-prem/installation/): Helm's address of it, without a version. */
export const defaultChart = "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr";
