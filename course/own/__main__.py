"""Prints your network on one page, or writes it to a file.

python -m course.own                  print it
python -m course.own my_network.py    write it to a file, which runs anywhere: python my_network.py my.txt
"""

import argparse

from course.own.one_page import one_page, save


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m course.own", description="Your network on one page.")
    parser.add_argument("file", nargs="?", help="where to write it; without it, the network is printed")
    options = parser.parse_args(arguments)
    print(save(options.file) if options.file else one_page(), end="\n" if options.file else "")


if __name__ == "__main__":
    main()
