"""What can be told of a piece of evidence without judging it: its name, marks on it, likeness to others, doubts."""
