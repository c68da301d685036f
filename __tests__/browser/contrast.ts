import type { Page } from 'playwright-core';

/** WCAG's contrast of each kind of text with what it stands on. Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export const contrasts = (page: Page, selectors: readonly string[]): Promise<readonly { selector: string; ratio: number }[]> =>
  page.evaluate((asked) => {
    type Colour = { readonly rgb: readonly number[]; readonly alpha: number };
    const colour = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return { rgb: [r, g, b], alpha };
    };
    const ground = (element: Element | null): readonly number[] => {
      if (element === null) return [255, 255, 255];
      const { rgb, alpha } = colour(getComputedStyle(element).backgroundColor);
      return alpha === 0 ? ground(element.parentElement) : rgb;
    };
    const luminance = (rgb: readonly number[]): number => {
      const [r = 0, g = 0, b = 0] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return asked.map((selector) => {
      const element = document.querySelector(selector);
      if (element === null) return { selector, ratio: 0 };
      const text = luminance(colour(getComputedStyle(element).color).rgb);
      const under = luminance(ground(element));
      return { selector, ratio: (Math.max(text, under) + 0.05) / (Math.min(text, under) + 0.05) };
    });
  }, selectors);
