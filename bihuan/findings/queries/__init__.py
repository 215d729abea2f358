"""Reading the register: the doors to its objects (`doors`), the lists, tallies, trees and timelines."""
