namespace ServerlessRec.Training.DemoData;

/// <summary>A topic of the demo site.</summary>
/// <param name="Section">The section it belongs to.</param>
/// <param name="Name">The topic's own name.</param>
/// <param name="Subjects">What its items are about; lower case unless a name, fit after "about".</param>
internal sealed record DemoTopic(string Section, string Name, string[] Subjects);

/// <summary>The sections and topics of the demo site.</summary>
internal static class DemoTopics
{
    /// <summary>All topics; those of one section stand together.</summary>
    public static IReadOnlyList<DemoTopic> All { get; } =
    [
        new("Sport", "Football", ["the cup final", "women's football", "the transfer window", "goalkeepers", "penalty shoot-outs", "non-league football"]),
        new("Sport", "Cycling", ["the grand tours", "gravel racing", "cobbled classics", "indoor training", "bike fitting", "mountain passes"]),
        new("Sport", "Tennis", ["grass-court tennis", "the one-handed backhand", "doubles tennis", "wheelchair tennis", "tennis racket strings", "tie-breaks"]),
        new("Sport", "Running", ["marathon training", "trail running", "running shoes", "parkrun", "the mile record", "ultramarathons"]),
        new("Technology", "Artificial intelligence", ["language models", "neural network chips", "AI in the classroom", "image generators", "AI safety tests", "speech recognition"]),
        new("Technology", "Phones", ["folding phones", "phone cameras", "phone batteries", "repairable phones", "mobile chargers", "phone-free schools"]),
        new("Technology", "Programming", ["compilers", "open-source maintainers", "code review", "vector databases", "type systems", "legacy code"]),
        new("Technology", "Security", ["passkeys", "ransomware", "phishing", "bug bounties", "encrypted messengers", "data breaches"]),
        new("Science", "Space", ["the Moon base", "Mars rovers", "exoplanets", "reusable rockets", "space telescopes", "asteroid missions"]),
        new("Science", "Biology", ["coral reefs", "gene editing", "migrating birds", "deep-sea creatures", "fungi", "honeybees"]),
        new("Science", "Physics", ["quantum computers", "fusion energy", "dark matter", "superconductors", "gravitational waves", "particle colliders"]),
        new("Science", "Archaeology", ["Roman roads", "shipwrecks", "cave paintings", "Viking towns", "the first cities", "ancient scrolls"]),
        new("Food", "Baking", ["sourdough", "croissants", "rye bread", "birthday cakes", "pizza dough", "Christmas biscuits"]),
        new("Food", "Vegetarian cooking", ["lentil stews", "tofu", "winter vegetables", "mushroom dishes", "chickpeas", "vegetable curries"]),
        new("Food", "Coffee", ["espresso machines", "filter coffee", "coffee roasting", "cold brew", "coffee farms", "latte art"]),
        new("Food", "Street food", ["tacos", "ramen shops", "dumplings", "falafel", "night markets", "food trucks"]),
        new("Travel", "Rail journeys", ["night trains", "mountain railways", "interrail", "scenic rail lines", "station restaurants", "slow trains"]),
        new("Travel", "Hiking", ["long-distance trails", "alpine huts", "coastal paths", "hiking boots", "pilgrim routes", "winter hikes"]),
        new("Travel", "City breaks", ["Lisbon", "Kraków", "Ghent", "Trieste", "Porto", "Tallinn"]),
        new("Travel", "Camping", ["camper vans", "wild camping", "tents", "camp stoves", "campsites by the sea", "sleeping bags"]),
        new("Culture", "Films", ["silent films", "film festivals", "animated films", "film scores", "documentaries", "independent cinemas"]),
        new("Culture", "Books", ["crime novels", "translated fiction", "short stories", "book clubs", "second-hand bookshops", "graphic novels"]),
        new("Culture", "Music", ["jazz clubs", "vinyl records", "string quartets", "summer festivals", "choirs", "electronic music"]),
        new("Culture", "Museums", ["modern art", "photography shows", "open-air museums", "restored paintings", "design museums", "night openings"]),
        new("Business", "Start-ups", ["seed funding", "bootstrapped companies", "start-up failures", "climate start-ups", "founders over fifty", "remote-first companies"]),
        new("Business", "Markets", ["interest rates", "index funds", "dividend shares", "the bond market", "gold prices", "currency swings"]),
        new("Business", "Work", ["the four-day week", "open-plan offices", "job interviews", "apprenticeships", "burnout", "salary transparency"]),
        new("Business", "Retail", ["corner shops", "online returns", "supermarket prices", "self-checkouts", "second-hand fashion", "loyalty cards"]),
        new("Climate", "Energy", ["offshore wind", "heat pumps", "solar roofs", "grid batteries", "geothermal energy", "home insulation"]),
        new("Climate", "Transport", ["electric cars", "cargo bikes", "tram networks", "green shipping", "charging stations", "low-traffic streets"]),
        new("Climate", "Nature", ["rewilding", "peat bogs", "urban trees", "wolves", "river restoration", "wildflower meadows"]),
        new("Climate", "Weather", ["heatwaves", "flood defences", "storm forecasts", "droughts", "snowless winters", "lightning"]),
        new("Health", "Sleep", ["naps", "insomnia", "shift work", "dreams", "sleep trackers", "bedtime routines"]),
        new("Health", "Fitness", ["strength training", "yoga", "swimming", "back pain", "home gyms", "stretching"]),
        new("Health", "Nutrition", ["protein", "fermented foods", "sugar", "school meals", "fasting", "vitamin D"]),
        new("Health", "Medicine", ["vaccines", "antibiotics", "family doctors", "knee surgery", "allergies", "rare diseases"]),
        new("Games", "Board games", ["co-operative games", "chess openings", "board game cafés", "train games", "classic card games", "two-player games"]),
        new("Games", "Video games", ["indie games", "speedruns", "retro consoles", "farming games", "game soundtracks", "strategy games"]),
        new("Games", "Puzzles", ["crosswords", "sudoku", "jigsaws", "escape rooms", "logic puzzles", "word games"]),
        new("Games", "Role-playing", ["dungeon masters", "character sheets", "painted miniatures", "live role-play", "dice", "solo role-playing"]),
        new("Home", "Gardening", ["tomatoes", "compost", "balcony gardens", "roses", "allotments", "hedges"]),
        new("Home", "Do it yourself", ["tiling", "woodworking", "old windows", "wall paint", "tool libraries", "bicycle repair"]),
        new("Home", "Pets", ["rescue dogs", "indoor cats", "aquariums", "puppy training", "guinea pigs", "parrots"]),
        new("Home", "Interiors", ["small kitchens", "bookshelves", "lighting", "second-hand furniture", "tiny houses", "storage"]),
    ];
}
