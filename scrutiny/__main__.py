"""The program `scrutiny`, which `python -m scrutiny` is, too."""

import gc

GARBAGE = 200_000  # objects before a collection: libraries are 150,000, none of them garbage; looking costs 50 ms


def main() -> None:
    """Runs it."""
    gc.set_threshold(GARBAGE)
    from scrutiny import cli  # now, since this loads the first of them

    cli.main()


if __name__ == "__main__":
    main()
