import { strict as assert } from "node:assert";
import { editedImages, imagesIn, imagesOf } from "../../components/migrations/cluster/pods/images";
import { templatesOf } from "../../components/migrations/cluster/pods/workloads";

const manifest = (image: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: bufd }
spec:
  selector: { matchLabels: { app: bufd } }
  template:
    spec:
      initContainers: [{ name: wait, image: "example.com/wait:3.2.1" }]
      containers: [{ name: bufd, image: "${image}" }]
`;

describe("the images of a release", () => {
  const verified = {
    version: "1.4.0",
    images: imagesIn(templatesOf(manifest("example.com:5000/bufd:1.4.0"))),
  };
  const edited = (image: string) => editedImages(verified, imagesIn(templatesOf(manifest(image))));

  it("are those of all containers, also of init containers", () => {
    assert.deepEqual(verified.images, {
      "Deployment/bufd/wait": "example.com/wait:3.2.1",
      "Deployment/bufd/bufd": "example.com:5000/bufd:1.4.0",
    });
  });

  it("are not edited while they are what was verified, nor where nobody wrote down what was", () => {
    assert.deepEqual(edited("example.com:5000/bufd:1.4.0"), []);
    assert.deepEqual(editedImages({ version: "1.4.0" }, {}), []);
  });

  it("tell the release of another tag, also of one with a digest", () => {
    const versions = ["bufd:1.5.1", "bufd:1.5.1@sha256:abc", "bufd:1.5.1-debug", "bufd@sha256:abc"].map(
      (image) => edited(`example.com:5000/${image}`)[0]?.version,
    );
    assert.deepEqual(versions, ["1.5.1", "1.5.1", null, null]);
  });

  it("tell no release where the tags of the container are none", () => {
    const other = { ...verified.images, "Deployment/bufd/wait": "example.com/wait:3.3.0" };
    assert.deepEqual(editedImages(verified, other)[0]?.version, null);
  });

  it("are gone with their workload", () => {
    const none = imagesOf(
      { deployments: [], statefulSets: [], daemonSets: [] },
      templatesOf(manifest("example.com:5000/bufd:1.4.0")),
    );
    assert.deepEqual(
      editedImages(verified, none).map(({ found }) => found),
      [null, null],
    );
  });
});
