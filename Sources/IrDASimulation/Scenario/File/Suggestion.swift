/// What somebody may have meant.
enum Suggestion {
    /// The second half of an error about a word that is not known: the one that was meant, if one is near, and all of
    /// them.
    ///
    /// - Parameter list: the known words as they are to be shown, if not as they are.
    static func ending(for word: String, among known: [String], list: [String]? = nil) -> String {
        let all = (list ?? known).joined(separator: ", ")
        guard let nearest = nearest(to: word, among: known) else { return "; known are: \(all)" }
        return "; did you mean '\(nearest)'? Known are: \(all)"
    }

    /// The known word with the fewest letters to change, if they are few.
    static func nearest(to word: String, among known: [String]) -> String? {
        // A long word is near none of ours, and comparing takes time.
        guard word.count <= 40 else { return nil }
        let wish = Array(word.lowercased())
        let best = known.map { (word: $0, distance: distance(wish, Array($0.lowercased()))) }
            .min { $0.distance < $1.distance }
        // A word that is known, but wrongly used, is not what was meant.
        guard let best, best.word != word, best.distance <= max(1, best.word.count / 3) else { return nil }
        return best.word
    }

    /// How many letters have to be inserted, dropped or replaced to make one word of the other.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in second.indices {
                let replaced = diagonal + (second[place] == letter ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, row[place] + 1, row[place + 1] + 1)
            }
        }
        return row[second.count]
    }
}
