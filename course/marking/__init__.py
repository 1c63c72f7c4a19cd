"""Marks what a class has handed in: python -m course.marking.

submissions.py  who has handed in which files
answers.py      the answer to each exercise in them, with what it needs of its page
children.py     a process for each learner, in which check tries them: child.py
marks.py        what check says about each, as a mark
unfinished.py   the marks so far, for a report that was ended
summary.py      who is stuck where and why, the mistakes, which answers are alike; as a table
report_page.py  the report on the class, and the page for each learner
feedback.py     writes those pages, and the results for Gradescope
handout.py      the course to hand out

With answers.py, children.py and child.py alone, python -m course check tries what a learner has written in any editor.
"""
