"""Marks what a class has handed in: python -m course.marking.

submissions.py  who has handed in which files
answers.py      the answer to each exercise in them, with what it needs of its page
children.py     a process for each learner, in which check tries them: child.py
marks.py        what check says about each, as a mark
summary.py      a class's mistakes by name, who is stuck, which answers are alike; as text, as a table
report_page.py  the report as one HTML page
handout.py      the course to hand out
"""
