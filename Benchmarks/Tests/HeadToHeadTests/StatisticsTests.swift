import HeadToHead
import Testing

@Suite("Statistics")
struct StatisticsTests {
    @Test("the median is the middle value, or halfway between the two")
    func median() {
        #expect(Statistics.median([3, 1, 2]) == 2)
        #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
        #expect(Statistics.median([7]) == 7)
    }

    @Test("quantiles interpolate between neighbours")
    func quantiles() {
        #expect(Statistics.quantile([1, 2, 3, 4, 5], 0) == 1)
        #expect(Statistics.quantile([1, 2, 3, 4, 5], 1) == 5)
        #expect(Statistics.quantile([5, 4, 3, 2, 1], 0.25) == 2)
        #expect(Statistics.quantile([0, 10], 0.3) == 3)
    }

    @Test("the spread is the distance between the quartiles over the median, whatever the outliers")
    func spread() {
        #expect(Statistics.spread([8, 9, 10, 11, 12]) == 0.2)
        #expect(Statistics.spread([8, 9, 10, 11, 1000]) == 0.2)
        #expect(Statistics.spread([5, 5, 5]) == 0)
    }
}
