"""Pure computation: frames in, frames out. No files, no drawing, no words for a reader."""
