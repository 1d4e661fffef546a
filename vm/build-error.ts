/** What stopped an image build, in words for the person who started it: what happened, to what, what to do next. */
export class ImageBuildError extends Error {
  override readonly name = "ImageBuildError";
}
