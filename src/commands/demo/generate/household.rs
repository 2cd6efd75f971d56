//! What is done at home, and who recorded it: the world that all generated challenges are about.
//!
//! Nothing is said about a camera wearer but the country of the recording and whether the home is new to the data set.

use super::random::Random;

/// A kind of household work.
#[derive(Debug, PartialEq)]
pub(crate) struct Activity {
    /// Its name, as the items table and the splits know it.
    pub(crate) name: &'static str,
    /// How much harder than others it is to recognize, from 0 to 1.
    pub(crate) difficulty: f64,
    /// Things that are picked up and put down.
    pub(crate) things: &'static [&'static str],
    /// Places that can be open or closed, and hold things.
    pub(crate) places: &'static [&'static str],
    /// What hands do: the labels of moments and of clips.
    pub(crate) deeds: &'static [&'static str],
}

/// All kinds.
pub(crate) const ACTIVITIES: [Activity; 6] = [
    Activity {
        name: "cooking",
        difficulty: 0.0,
        things: &[
            "kettle",
            "colander",
            "wooden spoon",
            "rice pot",
            "grater",
            "salt jar",
            "rolling pin",
            "lid",
        ],
        places: &["oven", "fridge", "spice drawer", "pressure cooker"],
        deeds: &["chop_vegetables", "stir_pot", "knead_dough", "fill_kettle"],
    },
    Activity {
        name: "cleaning",
        difficulty: 0.06,
        things: &["sponge", "dustpan", "broom", "spray bottle", "dry cloth", "bucket", "rubber gloves"],
        places: &["dishwasher", "cupboard under the sink", "bin", "broom cupboard"],
        deeds: &["wipe_table", "sweep_floor", "wash_dishes", "clean_window"],
    },
    Activity {
        name: "laundry",
        difficulty: 0.12,
        things: &["peg bag", "iron", "detergent", "laundry basket", "striped towel", "odd sock", "hanger"],
        places: &["washing machine", "wardrobe", "linen chest", "detergent drawer"],
        deeds: &["fold_clothes", "hang_laundry", "iron_shirt", "sort_socks"],
    },
    Activity {
        name: "gardening",
        difficulty: 0.2,
        things: &["watering can", "trowel", "seed packet", "gardening gloves", "twine", "secateurs"],
        places: &["shed", "compost bin", "greenhouse door", "rain barrel"],
        deeds: &["water_plants", "plant_seedling", "prune_branch", "fill_pot_with_soil"],
    },
    Activity {
        name: "repair",
        difficulty: 0.24,
        things: &["screwdriver", "tape measure", "wood glue", "sandpaper", "spare bulb", "pliers", "torch"],
        places: &["toolbox", "fuse box", "drawer of screws", "bicycle bag"],
        deeds: &["drive_screw", "measure_board", "sand_wood", "patch_tube"],
    },
    Activity {
        name: "care",
        difficulty: 0.16,
        things: &[
            "pill box",
            "picture book",
            "blanket",
            "water bottle",
            "lead of the dog",
            "reading glasses",
        ],
        places: &["medicine cabinet", "pram bag", "cat flap", "lunch box"],
        deeds: &["feed_cat", "read_aloud", "brush_dog", "pack_lunch"],
    },
];

/// Where homes are, as ISO 3166-1 names countries.
const COUNTRIES: [&str; 12] = ["KE", "IN", "JP", "BR", "IT", "NG", "MX", "VN", "SE", "CO", "MA", "NZ"];

/// How often each activity is recorded, in the order of [`ACTIVITIES`].
pub(crate) type Mixture = [u32; ACTIVITIES.len()];

/// One day of one camera wearer.
#[derive(Debug)]
pub(crate) struct Recording {
    /// Its name.
    pub(crate) video: String,
    /// Who wore the camera: what is resampled as a whole.
    pub(crate) wearer: String,
    /// Where.
    pub(crate) country: &'static str,
    /// What for.
    pub(crate) activity: &'static Activity,
    /// Whether nobody has seen this home in training data.
    pub(crate) new_home: bool,
    /// Whether scores on it are shown while the challenge runs.
    is_public: bool,
}

impl Recording {
    /// "new" or "familiar", as the items table says.
    pub(crate) fn home(&self) -> &'static str {
        if self.new_home { "new" } else { "familiar" }
    }

    /// "public" or "private", as the items table says; a wearer is wholly in one part.
    pub(crate) fn part(&self) -> &'static str {
        if self.is_public { "public" } else { "private" }
    }
}

/// Recordings of homes all over the world; a wearer records about two days.
pub(crate) fn recordings(seed: u64, count: usize, mixture: &Mixture) -> Vec<Recording> {
    let turns: Vec<&'static Activity> = ACTIVITIES
        .iter()
        .zip(mixture)
        .flat_map(|(activity, share)| std::iter::repeat_n(activity, *share as usize))
        .collect();
    (0..count)
        .map(|index| {
            let wearer_number = index / 2;
            let wearer = format!("wearer-{:02}", wearer_number + 1);
            let mut of_wearer = Random::named(seed, &["wearer", &wearer]);
            Recording {
                video: format!("day-{:03}", index + 1),
                country: COUNTRIES[wearer_number % COUNTRIES.len()],
                activity: turns[index % turns.len()],
                new_home: of_wearer.happens(0.5),
                // Two of five wearers, so that neither part is ever empty.
                is_public: wearer_number % 5 < 2,
                wearer,
            }
        })
        .collect()
}

/// Any kind of work.
pub(crate) fn any_activity(random: &mut Random) -> &'static Activity {
    &ACTIVITIES[random.below(ACTIVITIES.len())]
}
