//! What is between blocks and pages: rows, which are never cut, and the tree of what each of their pieces means.

use std::rc::Rc;

use krilla::tagging::{Identifier, Node as TagNode, TagGroup, TagKind, TagTree};

use crate::{code::Code, look::Ink, setting::Set};

/// A line of a paragraph, or of several cells side by side.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// White above it, unless it is the first of a page.
    pub(crate) before: f32,
    pub(crate) height: f32,
    /// No page ends after it.
    pub(crate) keep: bool,
    /// It and all that follow go to the foot of the last page.
    pub(crate) sinks: bool,
    /// A heading begins here: its words and how deep it is.
    pub(crate) heading: Option<(String, u8)>,
    pub(crate) items: Vec<Item>,
}

/// A piece of a row, at its place from the row's corner.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// What it means; nothing, when it is only there for the eye.
    pub(crate) means: Option<usize>,
    pub(crate) what: What,
}

/// What is drawn.
#[derive(Debug)]
pub(crate) enum What {
    Line(Rc<Set>, usize),
    Area {
        width: f32,
        height: f32,
        ink: Ink,
    },
    Code {
        code: Code,
        side: f32,
    },
    /// Where a link can be followed: the area of a line.
    Link {
        address: String,
        width: f32,
        height: f32,
    },
}

impl Row {
    /// How many characters are in it.
    pub(crate) fn characters(&self) -> usize {
        self.lines().map(|words| words.trim_end().chars().count()).sum()
    }

    /// Its words.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| match &item.what {
            What::Line(set, line) => Some(set.line(*line)),
            _ => None,
        })
    }
}

/// The tree of meanings: a tag, and its children in reading order.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<(TagKind, Vec<Child>)>,
    roots: Vec<usize>,
}

#[derive(Debug)]
enum Child {
    Node(usize),
    Leaf(Identifier),
}

impl Tree {
    /// A new node, in another one or at the top.
    pub(crate) fn node(&mut self, within: Option<usize>, tag: impl Into<TagKind>) -> usize {
        let node = self.nodes.len();
        self.nodes.push((tag.into(), Vec::new()));
        match within {
            Some(parent) => self.nodes[parent].1.push(Child::Node(node)),
            None => self.roots.push(node),
        }
        node
    }

    /// Puts something drawn into a node.
    pub(crate) fn leaf(&mut self, node: usize, drawn: Identifier) {
        self.nodes[node].1.push(Child::Leaf(drawn));
    }

    /// The words that stand for a node.
    pub(crate) fn alt(&self, node: usize) -> Option<String> {
        self.nodes[node].0.alt_text().map(str::to_owned)
    }

    /// Says of a node once more what it is.
    pub(crate) fn retag(&mut self, node: usize, tag: impl Into<TagKind>) {
        self.nodes[node].0 = tag.into();
    }

    /// The tree for the PDF.
    pub(crate) fn tags(&self, lang: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(lang.to_owned()));
        for root in &self.roots {
            tree.push(self.group(*root));
        }
        tree
    }

    fn group(&self, node: usize) -> TagGroup {
        let (tag, children) = &self.nodes[node];
        let children = children
            .iter()
            .map(|child| match child {
                Child::Node(node) => TagNode::Group(self.group(*node)),
                Child::Leaf(drawn) => TagNode::Leaf(*drawn),
            })
            .collect();
        TagGroup::with_children(tag.clone(), children)
    }
}
