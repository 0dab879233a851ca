/** What follows the options in `bsr releases --help`. */
export const releasesHelp = `
The releases are the built-in table of this package. It reads no stack: releases that a stack has added with the
configuration key releases are not among them.

Examples:
  Which releases are there, and which schema versions do they bring?
    $ npx --no bsr releases

  Is there a release that the table does not have yet? The login is the one that Helm uses (helm registry login).
    $ npx --no bsr releases --check

  Does a mirror have everything?
    $ npx --no bsr releases --check --chart oci://registry.example.com/mirror/charts/bsr

  With a keyfile of Buf:
    $ base64 -w0 keyfile.json | npx --no bsr releases --check --username _json_key_base64 --password-stdin

JSON:
  {"releases":[{"version":"1.24.0","released":"2025-06-01"|null,"databaseVersion":365|null,
    "minimumCliVersion":"1.50.0"|null,"chartDigest":"sha256:…"|null,"notes":["…"],"source":"…"|null}]}
  with --check: {"chart":"oci://…","missing":["1.24.0"],"absent":[],"ignored":["latest"]}
    missing: in the repository and not in the table; absent: the other way; ignored: tags that are not exact versions

Exit status:
  0  the releases, or what the check found, whether anything is lacking or not
  1  the repository could not be read; why is on standard error
  2  wrong usage; nothing is written to standard output`;
