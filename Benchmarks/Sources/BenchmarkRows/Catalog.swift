/// The workloads that Weft and its peers run head to head.
public enum Catalog {
    /// Every row, group by group.
    public static let rows: [Row] =
        matrixProducts + pointwise + copies + reductions + normalizations + convolutions + resampling + attention
        + recurrence + tape + training + inference + memory + start

    /// Bytes of a float32 element.
    static let floatSize = 4.0

    /// How far float32 sums of `length` terms may be apart when added in different orders: a few times what rounding
    /// errors grow to if they are independent.
    static func tolerance(ofSumsOver length: Int) -> Double {
        let halfUnitInLastPlace = 0x1p-24
        return halfUnitInLastPlace * (8 + 4 * Double(length).squareRoot())
    }

    /// `1e5` for 100,000; 1 stays `1`.
    static func powerOfTenName(_ count: Int) -> String {
        count == 1 ? "1" : "1e\(String(count).count - 1)"
    }
}
